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

/** What is to be said of what the device holds. */
export interface HeldProblem {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
}

/** How what a device holds stands to the image that is to replace it. */
export interface ComparedValues<Settings = unknown> {
  /**
   * What the device has and the image lacks, in the order in which it was written: values that AT+SYSMFG or the
   * firmware wrote at run time. Lost, unless they are merged in.
   */
  readonly onlyOnDevice: readonly StoredValue[];
  /**
   * The same of what the image does replace: the rest of a longer list of certificates (`https_ca.2` where the image has
   * two) or of BLE services, which the device would go on using, and values that were written again as another type.
   */
  readonly leftOver: readonly StoredValue[];
  /** What both have with different values, or the image alone has: the update. */
  readonly changed: readonly StoredValue[];
  /** What of the device could not be read. */
  readonly problems: readonly HeldProblem[];
  /** Returns the planned image with what only the device has behind its own. Fails where that does not fit. */
  merge(target: Target<Settings>): Result<Uint8Array, readonly PackProblem[]>;
}

/** What a format knows of values that a device wrote into a partition of its own accord. */
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
