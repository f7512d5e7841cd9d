/**
 * SLIP, as the loaders of Espressif's chips speak it (RFC 1055): a frame stands between two END bytes, and the two
 * bytes that could be mistaken are escaped.
 */
const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

/** The bytes of a frame on the wire. */
export function slipFrame(content: Uint8Array): Uint8Array {
  const frame = new Uint8Array(2 * content.length + 2);
  let at = 0;
  frame[at++] = END;
  for (const byte of content) {
    if (byte === END || byte === ESCAPE) {
      frame[at++] = ESCAPE;
      frame[at++] = byte === END ? ESCAPED_END : ESCAPED_ESCAPE;
    } else frame[at++] = byte;
  }
  frame[at++] = END;
  return frame.subarray(0, at);
}

/** No frame of a loader is longer: a sector of flash, each byte escaped, with room to spare. */
const longest = 0x8000;

/**
 * Takes frames out of a stream of bytes, however it is cut. Every END is taken for a border, so that the reader is in
 * step again at the next frame, whatever was lost; what a chip says while it boots comes out as frames of nonsense.
 */
export class SlipReader {
  #frame: number[] = [];
  #inFrame = false;
  #escaping = false;
  #broken = false;
  readonly #onFrame: (content: Uint8Array) => void;

  constructor(onFrame: (content: Uint8Array) => void) {
    this.#onFrame = onFrame;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === END) this.#border();
      else if (this.#inFrame) this.#add(byte);
    }
  }

  /** Forgets what came so far. */
  reset(): void {
    this.#frame = [];
    this.#inFrame = false;
    this.#escaping = false;
    this.#broken = false;
  }

  #border(): void {
    const complete = this.#frame.length > 0 && !this.#broken && !this.#escaping;
    const frame = this.#frame;
    this.#frame = [];
    this.#escaping = false;
    this.#broken = false;
    // The END of one frame may be the start of the next; an empty one is nothing.
    this.#inFrame = true;
    if (complete) this.#onFrame(Uint8Array.from(frame));
  }

  #add(byte: number): void {
    if (this.#escaping) {
      this.#escaping = false;
      if (byte === ESCAPED_END) this.#frame.push(END);
      else if (byte === ESCAPED_ESCAPE) this.#frame.push(ESCAPE);
      else this.#broken = true;
      return;
    }
    if (byte === ESCAPE) this.#escaping = true;
    else this.#frame.push(byte);
    if (this.#frame.length > longest) this.#broken = true;
    if (this.#broken) this.#frame.length = Math.min(this.#frame.length, 1);
  }
}
