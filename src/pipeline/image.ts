import { sha256 } from '../core/crypto.ts';
import type { Packed } from '../formats/format.ts';
import type { Partition } from '../sources/partition.ts';

/** An image of a partition: computed, and not yet anywhere but in memory. */
export interface Image extends Omit<Packed, 'image'> {
  readonly partition: Partition;
  readonly bytes: Uint8Array;
  /** It holds a private key: its file is for its owner alone. */
  readonly isSecret: boolean;
}

/** The binary table that goes with the images. */
export interface TableImage {
  readonly bytes: Uint8Array;
  /** Absolute. */
  readonly file: string;
  /** Absent where nothing says where in the flash it belongs. */
  readonly offset?: number;
}

export const imageOf = (partition: Partition, { image, ...packed }: Packed, isSecret: boolean): Image => ({
  ...packed,
  partition,
  isSecret,
  bytes: image,
});

/** A hash that is computed when it is asked for: what people read does not show it. */
export interface ImageHash {
  /** Hex digits. */
  readonly sha256: string;
}

/** The hash of an image, computed at its first use. */
export function hashOf({ bytes }: Pick<Image, 'bytes'>): ImageHash {
  let hash: string | undefined;
  return {
    get sha256() {
      hash ??= sha256(bytes);
      return hash;
    },
  };
}
