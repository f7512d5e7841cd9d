import type { PackProblem } from '../pack-problem.ts';
import type { NvsVersion } from './layout.ts';

/** What an NVS partition holds, apart from how it lies in the pages. */

export type SmallIntegerType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32';
export type BigIntegerType = 'u64' | 'i64';
export type IntegerType = SmallIntegerType | BigIntegerType;
export type NvsType = IntegerType | 'string' | 'blob';

export interface NvsName {
  readonly namespace: string;
  readonly key: string;
}

export type NvsValue =
  | { readonly type: SmallIntegerType; readonly value: number }
  | { readonly type: BigIntegerType; readonly value: bigint }
  /** Without its NUL. Bytes where they are not the UTF-8 of any text, or have a NUL inside. */
  | { readonly type: 'string'; readonly value: string | Uint8Array }
  | { readonly type: 'blob'; readonly value: Uint8Array };

export type NvsEntry = NvsName & NvsValue;

export interface NvsContent {
  /**
   * Namespaces in the order of their indexes. Only those without entries, or out of the order in which entries name
   * them first, need to be listed.
   */
  readonly namespaces?: readonly string[];
  /** In the order in which they are written. */
  readonly entries: readonly NvsEntry[];
}

/**
 * Which of two generators' bytes are made; the firmware reads both alike. `legacy`: ESP-IDF up to v5.2, ESP-AT v3.1 to
 * v4.0. `new`: esp_idf_nvs_partition_gen 0.1.7 to 0.2.0, ESP-AT v4.1 and later.
 */
export const nvsProfiles = ['new', 'legacy'] as const;
export type NvsProfile = (typeof nvsProfiles)[number];

/** Settings of an image, apart from its size. */
export interface NvsWriting {
  /** 2 unless told otherwise. */
  readonly version?: NvsVersion;
  /** `new` unless told otherwise. */
  readonly profile?: NvsProfile;
}

export interface NvsSettings extends NvsWriting {
  /** Bytes of the partition: a multiple of 4096. */
  readonly size: number;
}

/** Why content cannot be an image; `entry` is the index of the entry at fault. */
export interface NvsProblem extends PackProblem {
  /** What of the entry, or of the namespace, is at fault. */
  readonly field?: 'namespace' | 'key' | 'value';
  /** The namespace at fault, where it is no single entry. */
  readonly namespace?: string;
  /** The entry that has the same key and comes first, where the problem is that. */
  readonly first?: number;
}

export interface IntegerRange {
  readonly least: bigint;
  readonly most: bigint;
}

export const integerBits: Record<IntegerType, 8 | 16 | 32 | 64> = {
  u8: 8,
  i8: 8,
  u16: 16,
  i16: 16,
  u32: 32,
  i32: 32,
  u64: 64,
  i64: 64,
};

export const integerTypes: readonly IntegerType[] = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64', 'i64'];
export const isInteger = (type: string): type is IntegerType => Object.hasOwn(integerBits, type);
export const isNvsType = (type: string): type is NvsType => isInteger(type) || type === 'string' || type === 'blob';
export const isBig = (type: string): type is BigIntegerType => type === 'u64' || type === 'i64';
export const isSigned = (type: IntegerType): boolean => type.startsWith('i');

function rangeOf(type: IntegerType): IntegerRange {
  const bits = BigInt(integerBits[type]);
  if (!isSigned(type)) return { least: 0n, most: (1n << bits) - 1n };
  return { least: -(1n << (bits - 1n)), most: (1n << (bits - 1n)) - 1n };
}

const ranges = new Map<IntegerType, IntegerRange>();

export function integerRange(type: IntegerType): IntegerRange {
  const range = ranges.get(type) ?? rangeOf(type);
  ranges.set(type, range);
  return range;
}

/** Every namespace of the content, in the order of the indexes it gets. */
export function namespacesOf({ namespaces = [], entries }: NvsContent): string[] {
  const names = new Set(namespaces);
  for (const { namespace } of entries) names.add(namespace);
  return [...names];
}
