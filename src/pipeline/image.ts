import { sha256 } from '../core/crypto.ts';
import type { Packed } from '../formats/format.ts';
import type { Partition } from '../sources/partition.ts';

/** An image of a partition: computed, and not yet anywhere but in memory. */
export interface Image extends Omit<Packed, 'image'>, Hashed {
  readonly partition: Partition;
  /** It holds a private key: its file is for its owner alone. */
  readonly isSecret: boolean;
}

/** The binary table that goes with the images. */
export interface TableImage extends Hashed {
  /** Absolute. */
  readonly file: string;
  /** Absent where nothing says where in the flash it belongs. */
  readonly offset?: number;
}

/** Bytes with their hash, which is computed when it is asked for: what people read does not show it. */
export interface Hashed {
  readonly bytes: Uint8Array;
  /** Hex digits. */
  readonly sha256: string;
}

export function imageOf(partition: Partition, { image, ...packed }: Packed, isSecret: boolean): Image {
  return withHash({ ...packed, partition, isSecret, bytes: image });
}

/** Adds the hash, without computing it. */
export function withHash<Content extends { readonly bytes: Uint8Array }>(content: Content): Content & Hashed {
  let hash: string | undefined;
  return Object.defineProperty(content as Content & Hashed, 'sha256', {
    get: () => (hash ??= sha256(content.bytes)),
  });
}
