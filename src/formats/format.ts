import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Range } from '../core/range.ts';
import type { DecodeProblem, Result } from '../core/result.ts';
import type { Input } from './input.ts';
import type { OpenedImage, OpenRequest } from './opened-image.ts';
import type { PackProblem } from './pack-problem.ts';
import type { StoredValues } from './stored-values.ts';
import type { Target } from './target.ts';

/** What a file is to the firmware: a CA (or chain of them), a certificate (or chain), a private key, or none of these. */
export type Kind = 'ca' | 'cert' | 'key' | 'data';

/** Partitions and namespaces of certificates and keys are known by the endings of their names. */
export function kindOf(name: string): Exclude<Kind, 'data'> | undefined {
  const ending = /_(ca|cert|key)$/.exec(name)?.[1];
  return ending === 'ca' || ending === 'cert' || ending === 'key' ? ending : undefined;
}

/** One source, read, as it goes into an image. */
export interface Entry {
  /** The file it came from, or another name that tells the user which source is meant. */
  readonly name: string;
  readonly kind: Kind;
  /** Its content, the only one: what is checked, packed and kept secret. Of an integer, its digits. */
  readonly bytes: Uint8Array;
  /** What was changed in the file, each as a clause. */
  readonly normalized?: readonly string[];
  /** Under which name and as what the image holds it, in a format that looks its entries up by key. */
  readonly storedAs?: StoredAs;
}

export interface StoredAs {
  readonly namespace: string;
  readonly key: string;
  /** A type of the format, e.g. `blob`. */
  readonly type: string;
}

/** One thing inside an image: a row of the report and of `inspect`. */
export interface Item {
  readonly kind: Kind;
  /** As the firmware counts: the position within its kind (PKI bins). */
  readonly id: number;
  /** Where its header starts in the image, in bytes. */
  readonly offset: number;
  /** Its name in the image, in a format that looks its entries up by key. */
  readonly namespace?: string;
  readonly key?: string;
  /** Bytes of content, without header and padding. */
  readonly length: number;
  /** The source it was made from; absent when the image was read from a file. */
  readonly name?: string;
  /** What was changed in that source, each as a clause. */
  readonly normalized?: readonly string[];
}

/** An item read back, with its content. */
export interface DecodedItem extends Item {
  readonly bytes: Uint8Array;
}

export interface Packed {
  readonly image: Uint8Array;
  /** Bytes of the partition that the content takes. */
  readonly used: number;
  readonly items: readonly Item[];
  readonly room?: Room;
}

/** Usage of an image of pages and slots. */
export interface Room {
  /** The page that must stay erased counts in none of them. */
  readonly slots: {
    readonly total: number;
    readonly used: number;
    /** Held by entries that were overwritten or deleted: the firmware wins them back. None in a new image. */
    readonly erased: number;
    /** Can still be written. */
    readonly free: number;
    /** Left over at the end of a page that is followed by another: lost until the firmware empties the page. */
    readonly stranded: number;
  };
  readonly pages: {
    readonly used: number;
    /** Of the whole partition, the one that must stay erased included. */
    readonly total: number;
  };
  /**
   * Bytes of the largest blob that still fits behind the last entry, under a new key in the same namespace (or in the
   * first one, where there are no entries). Absent where not even an empty one does.
   */
  readonly largestBlob?: number;
}

/**
 * An image format: the one place that knows it. Whatever makes, checks, shows, compares or flashes images asks here. What
 * is optional has a default in `open-image.ts`.
 *
 * @typeParam Settings what the config says of how images are written, where there is more than one way
 */
export interface Format<Settings = unknown> {
  /** As the config has it. */
  readonly name: string;
  /** What people call an image of it. */
  readonly title: string;
  /** The most bytes that content may take in a partition of `size` bytes. */
  capacity(size: number): number;
  /** Packs entries in the order given. */
  encode(entries: readonly Entry[], target: Target<Settings>): Result<Packed, readonly PackProblem[]>;
  decode(image: Uint8Array): Result<readonly DecodedItem[], DecodeProblem>;
  /** Bytes that an image says it takes, by its header: a dump of its partition goes on with erased flash. */
  extent?(image: Uint8Array): number | undefined;
  /** True for bytes that look like this format at all (its magic), however broken the rest may be. */
  recognises(image: Uint8Array): boolean;
  /** True for bytes that are an image of it, by more than their beginning. Default: as `recognises`. */
  isImage?(bytes: Uint8Array): boolean;
  /** Where images of it lie in something larger. Default: nowhere but at the start. */
  find?(bytes: Uint8Array): readonly Range[];
  /** Opens the image in what was read. Default: by `decode`, as a list of items. */
  open?(input: Input, request: OpenRequest): Promise<Result<OpenedImage, Diagnostic>>;
  /** The device writes to the partition, too: a flash must not lose what only the device has. */
  values?(): Promise<StoredValues<Settings>>;
  /** Each file has a key of its own; else those of a slot are counted. */
  readonly keysFiles?: true;
  /** The firmware reads each item with a NUL appended: mbedTLS then rejects keys in DER. */
  readonly addsNul?: true;
  /** Any file is an image of it: bytes are never recognised as this format, and an entry may be an image itself. */
  readonly isAnyFile?: true;
}
