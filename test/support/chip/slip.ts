/**
 * SLIP as the chip speaks it. On purpose not the code of src/flash: a mistake made there must not be made here too, or
 * nobody sees it.
 */

const end = 0xc0;
const escaping = 0xdb;
const escapedEnd = 0xdc;
const escapedEscape = 0xdd;

export function slipFrame(payload: Uint8Array): Uint8Array {
  const out = [end];
  for (const byte of payload) {
    if (byte === end) out.push(escaping, escapedEnd);
    else if (byte === escaping) out.push(escaping, escapedEscape);
    else out.push(byte);
  }
  out.push(end);
  return Uint8Array.from(out);
}

/**
 * Takes bytes as they come and gives whole frames; what stands between frames is dropped. Of two C0 in a row the second
 * `ends` an empty frame, or `starts-next`. The former is what the stub does (esp-flasher-stub, slip.c), so that a
 * delimiter lost puts the two sides out of step; that the ROM does the latter is assumed.
 */
export class SlipReader {
  readonly #frame: (payload: Uint8Array) => void;
  #bytes: number[] = [];
  readonly #empty: 'ends' | 'starts-next';
  readonly #longest: number;
  #state: 'outside' | 'inside' | 'escaping' = 'outside';

  /** @param longest frame in bytes; a longer one is dropped */
  constructor(
    frame: (payload: Uint8Array) => void,
    empty: 'ends' | 'starts-next',
    longest: number = Number.POSITIVE_INFINITY,
  ) {
    this.#frame = frame;
    this.#empty = empty;
    this.#longest = longest;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) this.#take(byte);
  }

  #take(byte: number): void {
    if (this.#state === 'outside') {
      if (byte === end) this.#state = 'inside';
    } else if (this.#state === 'escaping') {
      this.#state = 'inside';
      if (byte === escapedEnd) this.#bytes.push(end);
      else if (byte === escapedEscape) this.#bytes.push(escaping);
      else this.#drop();
    } else if (byte === escaping) {
      this.#state = 'escaping';
    } else if (byte === end) {
      const payload = Uint8Array.from(this.#bytes);
      this.#drop();
      if (payload.length > 0) this.#frame(payload);
      else if (this.#empty === 'starts-next') this.#state = 'inside';
    } else if (this.#bytes.length === this.#longest) {
      this.#drop();
    } else {
      this.#bytes.push(byte);
    }
  }

  #drop(): void {
    this.#bytes = [];
    this.#state = 'outside';
  }
}
