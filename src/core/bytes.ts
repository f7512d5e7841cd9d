/** Little-endian fields and small helpers over byte arrays: what every format needs. */

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Joins parts into one array. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** `size` bytes in the state of erased NOR flash: all ones. */
export const erased = (size: number): Uint8Array => new Uint8Array(size).fill(0xff);

/** Rounds up to the next multiple of `step`. */
export const alignUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** `0x2e000`: how offsets are written everywhere in this field. */
export const hex = (value: number): string => `0x${value.toString(16)}`;
