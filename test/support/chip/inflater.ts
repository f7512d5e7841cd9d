import { constants, inflateSync } from 'node:zlib';
import { concat } from '../../../src/core/bytes.ts';

/**
 * A zlib stream that comes in pieces. Inflated from its beginning each time: the streams of Node work on a thread of
 * their own, and when that is done is up to the machine.
 */
export class Inflater {
  #in: Uint8Array = new Uint8Array(0);
  #size = 0;
  #isBroken = false;

  /** What comes out of the next piece; undefined where the stream is damaged. What follows its end is ignored. */
  push(bytes: Uint8Array): Uint8Array | undefined {
    if (this.#isBroken) return undefined;
    this.#in = concat([this.#in, bytes]);
    try {
      const all = inflateSync(this.#in, { finishFlush: constants.Z_SYNC_FLUSH });
      const out = all.subarray(this.#size);
      this.#size = all.length;
      return out;
    } catch {
      this.#isBroken = true;
      return undefined;
    }
  }
}
