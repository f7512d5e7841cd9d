/*
 * NVS checksums are `zlib.crc32(data, 0xffffffff)`: the CRC-32 of PNG and ZIP with its register started at 0.
 * Done here and not by node:zlib because most of them cover 28 bytes, where the call costs more than the sum (0.2 ms
 * against 0.5 ms for a full image), because loading node:zlib takes 1 to 2 ms, and because its crc32 of zero bytes is 0
 * on Node 20 and 22 whatever the start value.
 */
// Signed: a number of more than 31 bits is an object to Node until it has compiled the loop.
const polynomial = 0xedb88320 | 0;
const table = new Int32Array(256);
// Checksums are linear: 8 are computed, and each other one is the sum of two that are there.
for (let bit = 128, crc = 1; bit > 0; bit >>= 1) {
  crc = crc & 1 ? polynomial ^ (crc >>> 1) : crc >>> 1;
  for (let byte = 0; byte < 256; byte += 2 * bit) table[byte + bit] = crc ^ (table[byte] ?? 0);
}

/** What `crcOf` starts from, and the checksum of no bytes at all. */
const crcStart = 0xffffffff;

/** The checksum of `bytes[from…to)`; `start` is the checksum of what stands before them. */
export function crcOf(bytes: Uint8Array, from = 0, to = bytes.length, start = crcStart): number {
  let crc = ~start;
  for (let at = from; at < to; at++) crc = (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The checksum in an entry's head, of everything in it but the checksum itself. `at`: where the entry starts. */
export const headCrc = (image: Uint8Array, at: number): number =>
  crcOf(image, at + 8, at + 32, crcOf(image, at, at + 4));

/** The checksum in a page's header. `at`: where the page starts. */
export const pageCrc = (image: Uint8Array, at: number): number => crcOf(image, at + 4, at + 28);
