import type { Place } from '../core/diagnostics/diagnostic.ts';

/** What a command looks into: a file, or a piece of the flash of a device. */
export interface Input {
  /** What messages call it; it may hold anything that a file name may. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The file; a device has no such place. */
  readonly place?: Place;
}
