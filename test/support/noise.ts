/** Bytes that hardly deflate, the same ones every time. */
export function noise(size: number, seed = 1): Uint8Array {
  let state = seed;
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) {
    // Numerical Recipes' linear congruential generator; its high bits are the better ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}
