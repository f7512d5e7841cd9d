import { createInflate } from 'node:zlib';
import { concat } from '../../../src/core/bytes.ts';

/** A zlib stream that comes in pieces. */
export class Inflater {
  readonly #stream = createInflate();
  #out: Uint8Array[] = [];
  #broken = false;

  constructor() {
    this.#stream.on('data', (bytes: Uint8Array) => this.#out.push(bytes));
    this.#stream.on('error', () => {
      this.#broken = true;
    });
  }

  /** What comes out of the next piece; undefined where the stream is damaged. */
  async push(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (!this.#broken) {
      await new Promise<void>((resolve) => {
        this.#stream.once('error', () => resolve());
        this.#stream.write(bytes, () => resolve());
      });
    }
    const out = concat(this.#out);
    this.#out = [];
    return this.#broken ? undefined : out;
  }
}
