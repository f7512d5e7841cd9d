import type { Code } from '../core/diagnostics/codes.ts';
import type { Result } from '../core/result.ts';
import type { PackProblem } from './pack-problem.ts';
import type { Target } from './target.ts';

/** Which value of a device it is, never the value. */
export interface StoredValue {
  readonly namespace: string;
  readonly key: string;
  readonly type: string;
  /** Bytes. */
  readonly length: number;
}

/** Problem with the values of the device. */
export interface HeldProblem {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
}

/** Comparison of the values of a device with the image that replaces them. */
export interface ComparedValues<Settings = unknown> {
  /**
   * Values that the device has and the image lacks, in the order in which they were written: by AT+SYSMFG or the
   * firmware at run time. Lost, unless they are merged in.
   */
  readonly onlyOnDevice: readonly StoredValue[];
  /**
   * The same of what the image does replace: the rest of a longer list of certificates (`https_ca.2` where the image has
   * two) or of BLE services, which the device would go on using, and values that were written again as another type.
   */
  readonly leftOver: readonly StoredValue[];
  /** Values that differ, or that only the image has: the update. */
  readonly changed: readonly StoredValue[];
  /** Parts of the device that could not be read. */
  readonly problems: readonly HeldProblem[];
  /** Returns the planned image with what only the device has behind its own. Fails where that does not fit. */
  merge(target: Target<Settings>): Result<Uint8Array, readonly PackProblem[]>;
}

/** Operations of a format on values that the device itself wrote into a partition. */
export interface StoredValues<Settings = unknown> {
  /**
   * Compares what the device holds, all of the partition, with the image planned for it. `name` is the partition's, for
   * messages; `owned` are namespaces that are the plan's, also if it puts nothing there. Fails where what is there cannot
   * be understood; erased flash, or something of another format, holds no values.
   */
  compare(
    held: Uint8Array,
    planned: Uint8Array,
    about: { readonly name: string; readonly owned: readonly string[] },
  ): Result<ComparedValues<Settings>, HeldProblem>;
}
