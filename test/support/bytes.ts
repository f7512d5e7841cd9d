/** Where two byte strings first differ, in words; empty where they are the same. */
export function difference(got: Uint8Array, wanted: Uint8Array): string {
  const at = got.findIndex((byte, index) => byte !== wanted[index]);
  if (at < 0 && got.length === wanted.length) return '';
  const from = at < 0 ? Math.min(got.length, wanted.length) : at;
  const shown = (bytes: Uint8Array) => Buffer.from(bytes.subarray(from, from + 8)).toString('hex');
  return `${got.length} bytes, wanted ${wanted.length}; at 0x${from.toString(16)} got ${shown(got)}, wanted ${shown(wanted)}`;
}

/** Bytes of every value, in an order in which a lost, doubled or swapped piece shows. */
export const patterned = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8) * 7) & 0xff);
