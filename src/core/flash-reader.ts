import type { Range } from './range.ts';

/** Flash that can be read: that of a device, or a dump of it in memory or in a file. */
export interface FlashReader {
  /** What messages call it: `the device`, the name of a file. */
  readonly title: string;
  /** Bytes. */
  readonly size: number;
  /** Reads the bytes of a range, which lies within `size`. */
  read(range: Range): Promise<Uint8Array>;
}

/** A dump of flash, or a factory image, as a reader. */
export const readerOf = (bytes: Uint8Array, title: string): FlashReader => ({
  title,
  size: bytes.length,
  read: async ({ offset, size }) => bytes.subarray(offset, offset + size),
});
