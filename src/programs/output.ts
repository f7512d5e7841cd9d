/** Bytes that a program may print where its output is kept: far more than any certificate, key or report of esptool. */
export const mostOutput = 4 * 1024 * 1024;

/** As messages call `mostOutput`. */
export const mostOutputText = '4 MB';

/** Takes a piece of output. `false`: that was too much, the program is to be ended. */
export type TakeOutput = (piece: Uint8Array, stream: 'stdout' | 'stderr') => boolean;

/** Output as it comes in, up to a number of bytes: what is beyond is never held. */
export interface Collected {
  take(piece: Uint8Array): boolean;
  bytes(): Uint8Array;
}

export function collect(most = mostOutput): Collected {
  const pieces: Uint8Array[] = [];
  let room = most;
  return {
    take(piece) {
      const fits = piece.length <= room;
      pieces.push(fits ? piece : piece.subarray(0, room));
      room -= Math.min(room, piece.length);
      return fits;
    },
    bytes: () => Buffer.concat(pieces),
  };
}
