import { createInflate } from 'node:zlib';
import { concat } from '../../../src/core/bytes.ts';

/** A zlib stream that comes in pieces. */
export class Inflater {
  readonly #stream = createInflate();
  #out: Uint8Array[] = [];
  #state: 'open' | 'ended' | 'broken' = 'open';
  #wake: () => void = () => {};

  constructor() {
    this.#stream.on('data', (bytes: Uint8Array) => this.#out.push(bytes));
    // Where the stream has ended before the piece has, this comes in place of the answer to `write`.
    this.#stream.on('end', () => this.#finish('ended'));
    this.#stream.on('error', () => this.#finish('broken'));
  }

  /** What comes out of the next piece; undefined where the stream is damaged. What follows its end is ignored. */
  async push(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#state === 'open') {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream.write(bytes, () => resolve());
      });
    }
    const out = concat(this.#out);
    this.#out = [];
    return this.#state === 'broken' ? undefined : out;
  }

  #finish(state: 'ended' | 'broken'): void {
    this.#state = state;
    this.#wake();
  }
}
