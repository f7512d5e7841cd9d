/*
 * The bytes of an NVS partition, as ESP-IDF's nvs_flash defines them. All fields are little-endian.
 *
 *   page     0  u32  state
 *            4  u32  sequence number: pages are read in its order
 *            8  u8   version: FE is 2, FF is 1
 *           28  u32  CRC of bytes 4 to 27
 *           32  …    two bits for each slot, lowest first
 *           64  …    126 slots of 32 bytes
 *
 *   entry    0  u8   namespace index; 0: this entry defines a namespace
 *            1  u8   type
 *            2  u8   span: slots it takes, this one included
 *            3  u8   chunk index; FF unless it is blob data
 *            4  u32  CRC of bytes 0 to 3 and 8 to 31
 *            8  …    key, at most 15 bytes, filled up with zeros
 *           24  …    the integer, the rest FF
 *                    or u16 length, FFFF, u32 CRC of the data in the slots that follow
 *                    or (blob index) u32 size of the blob, u8 chunks, u8 index of its first chunk, FFFF
 */
export const pageSize = 4096;
export const slotSize = 32;
export const slotsPerPage = 126;
export const bitmapOffset = 32;
const slotsOffset = 64;

/** One page always stays erased: the firmware needs it to move entries and refuses an image without it. */
export const reservedPages = 1;
/** Bytes: two pages and the reserve, what the firmware asks for at least. */
export const smallestPartition = 3 * pageSize;
/** Bytes: more than any chip of the family can address; a larger size is a slip of the pen. */
export const largestPartition = 128 * 1024 * 1024;

/** Flash bits only ever go from 1 to 0, so each state of a page's life clears one more. */
export const pageState = {
  empty: 0xffffffff,
  active: 0xfffffffe,
  full: 0xfffffffc,
  freeing: 0xfffffff8,
} as const;

export const slotState = { empty: 3, written: 2, erased: 0 } as const;

export type NvsVersion = 1 | 2;
export const versionByte: Record<NvsVersion, number> = { 1: 0xff, 2: 0xfe };

export const typeCode = {
  u8: 0x01,
  i8: 0x11,
  u16: 0x02,
  i16: 0x12,
  u32: 0x04,
  i32: 0x14,
  u64: 0x08,
  i64: 0x18,
  string: 0x21,
  /** A blob of version 1: one entry, its data behind it. */
  wholeBlob: 0x41,
  blobData: 0x42,
  blobIndex: 0x48,
} as const;

export const noChunk = 0xff;
/** The firmware alternates between these from one version of a blob to the next. */
export const chunkStarts: readonly number[] = [0x00, 0x80];

export const maxNameBytes = 15;
export const maxNamespaces = 254;
/** Bytes of one chunk: a page less the entry that heads it. */
const maxChunk = (slotsPerPage - 1) * slotSize;
/** Bytes: 127 chunks, the most that the firmware writes. */
export const maxBlob = 127 * maxChunk;
/** Bytes with the NUL. The firmware takes 4,000, but the placement rule never fills a page with one string. */
export const maxString = 124 * slotSize;
/** Bytes of a version 1 string (with the NUL) or blob. */
export const maxVersion1 = 1984;

/** Slots that `length` bytes of data take, without the entry's head. */
export const dataSlots = (length: number): number => Math.ceil(length / slotSize);

/** Where a page, or a slot in it, starts: bytes from the start of the image. */
export const pageOffset = (page: number): number => page * pageSize;
export const slotOffset = (page: number, slot: number): number => pageOffset(page) + slotsOffset + slot * slotSize;
