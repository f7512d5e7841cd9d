import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Result } from '../../core/result.ts';
import type { Input } from '../input.ts';

/** One thing in a file that is compared with its like in another: an entry, an item, a certificate. */
export interface Part {
  /** What makes it the same thing on both sides, as JSON has it: `{ "namespace": "mqtt_ca", "key": "mqtt_ca" }`. */
  readonly name: Readonly<Record<string, string | number>>;
  /** The same for people. */
  readonly label: string;
  readonly type: string;
  /** A number or text that may be shown, or bytes, which are described. Absent where being there is all. */
  readonly value?: bigint | string | Uint8Array;
  /** The value must not be shown. */
  readonly secret: boolean;
}

/** What is to be compared. */
export interface Side {
  readonly input: Input;
  readonly cwd: string;
  /** The key file of encrypted images, relative to `cwd`. */
  readonly key?: string | undefined;
}

export interface Parts {
  readonly parts: readonly Part[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Something that `diff` understands. A further one is a file beside this and a line in `index.ts`. */
export interface Comparable {
  readonly name: string;
  recognises(bytes: Uint8Array): boolean;
  read(side: Side): Result<Parts, Diagnostic>;
}

export interface Detail {
  /** What differs: `value`, `subject`, `valid until`, … */
  readonly what: string;
  /** Absent where it is only on the other side. */
  readonly a?: string;
  readonly b?: string;
}

/** `added` and `removed`: only in the second, only in the first file. */
export interface Difference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly part: Part;
  readonly details: readonly Detail[];
}
