import fc from 'fast-check';
import type { NvsVersion } from '../../src/formats/nvs/layout.ts';
import {
  type IntegerType,
  integerRange,
  integerTypes,
  isBig,
  type NvsContent,
  type NvsEntry,
} from '../../src/formats/nvs/model.ts';

/** Random NVS content that is valid by itself; whether it fits a partition is another question. */

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 15 })
  .filter((text) => Buffer.byteLength(text) <= 15 && !/\p{Cc}/u.test(text));

const length = (most: number) =>
  fc.oneof(
    fc.nat(Math.min(100, most)),
    fc.nat(most),
    fc
      .constantFrom(0, 1, 31, 32, 33, 1984, 3935, 3936, 3967, 3968, 3999, 4000, 4001, 8000)
      .map((n) => Math.min(n, most)),
  );

/** Bytes of a given length that differ from place to place; drawing each one would take far longer. */
export function filled(size: number, seed: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  });
}

const blob = (most: number) => fc.tuple(length(most), fc.nat()).map(([size, seed]) => filled(size, seed));
const ascii = (size: number, seed: number): string =>
  Buffer.from(filled(size, seed).map((byte) => 32 + (byte % 95))).toString();

const integer = (type: IntegerType) => {
  const { least, most } = integerRange(type);
  const value = fc.oneof(fc.bigInt({ min: least, max: most }), fc.constantFrom(least, most, 0n));
  return value.map((number) => (isBig(type) ? { type, value: number } : { type, value: Number(number) }));
};

const value = (version: NvsVersion, largest: number) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...integerTypes).chain(integer) },
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('\0')),
          fc.tuple(length(version === 1 ? 1983 : 3967), fc.nat()).map(([size, seed]) => ascii(size, seed)),
        )
        .map((text) => ({ type: 'string' as const, value: text })),
    },
    {
      weight: 3,
      arbitrary: blob(version === 1 ? Math.min(largest, 1984) : largest).map((bytes) => ({
        type: 'blob' as const,
        value: bytes,
      })),
    },
  );

export interface Sizing {
  readonly version?: NvsVersion;
  readonly entries?: number;
  readonly largest?: number;
}

export function anyContent({ version = 2, entries = 120, largest = 12_000 }: Sizing = {}): fc.Arbitrary<NvsContent> {
  const namespaces = fc.uniqueArray(name, { minLength: 1, maxLength: 12, size: 'max' });
  return namespaces.chain((names) => {
    const entry = fc.tuple(fc.constantFrom(...names), name, value(version, largest));
    return fc
      .uniqueArray(entry, { maxLength: entries, size: 'max', selector: ([namespace, key]) => `${namespace}\0${key}` })
      .map((drawn) => ({
        namespaces: names,
        entries: drawn.map(([namespace, key, one]): NvsEntry => ({ namespace, key, ...one })),
      }));
  });
}
