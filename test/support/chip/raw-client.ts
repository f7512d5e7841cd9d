import { concat, viewOf } from '../../../src/core/bytes.ts';
import type { Connection, Port } from '../../../src/device/connection.ts';
import { checksumOf, type OpName, op } from './protocol.ts';
import { SlipReader, slipFrame } from './slip.ts';

export interface Answer {
  readonly op: number;
  readonly value: number;
  /** With the status bytes. */
  readonly data: Uint8Array;
}

/** Says to a chip exactly what a test wants it to hear, sound or not. */
export class RawClient {
  /** All that came, frames or not. */
  heard: Uint8Array = new Uint8Array(0);
  lost: string | undefined;
  readonly connection: Connection;
  #frames: Uint8Array[] = [];
  #waiting: ((frame: Uint8Array) => void)[] = [];
  #reader = new SlipReader((frame) => this.#arrive(frame), 'starts-next');

  private constructor(open: (client: RawClient) => Connection) {
    this.connection = open(this);
  }

  static async open(port: Port, baud = 115200): Promise<RawClient> {
    let client: RawClient | undefined;
    const connection = await port.open(baud, {
      data: (bytes) => client?.take(bytes),
      lost: (reason) => {
        if (client) client.lost = reason;
      },
    });
    client = new RawClient(() => connection);
    return client;
  }

  take(bytes: Uint8Array): void {
    this.heard = concat([this.heard, bytes]);
    this.#reader.push(bytes);
  }

  text(): string {
    return Buffer.from(this.heard).toString('latin1');
  }

  /** Forgets what came so far, half a frame included. */
  flush(): void {
    this.heard = new Uint8Array(0);
    this.#frames = [];
    this.#reader = new SlipReader((frame) => this.#arrive(frame), 'starts-next');
  }

  async send(name: OpName, data: Uint8Array = new Uint8Array(0), checksum = 0): Promise<void> {
    const header = new Uint8Array(8);
    const view = viewOf(header);
    view.setUint8(1, op[name]);
    view.setUint16(2, data.length, true);
    view.setUint32(4, checksum, true);
    await this.connection.write(slipFrame(concat([header, data])));
  }

  /** The next frame; a test that waits for one that never comes ends by its own time limit. */
  frame(): Promise<Uint8Array> {
    const frame = this.#frames.shift();
    if (frame) return Promise.resolve(frame);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async ask(name: OpName, data?: Uint8Array, checksum?: number): Promise<Answer> {
    await this.send(name, data, checksum);
    return this.answer();
  }

  async answer(): Promise<Answer> {
    const frame = await this.frame();
    return { op: frame[1] ?? 0, value: viewOf(frame).getUint32(4, true), data: frame.slice(8) };
  }

  async sync(): Promise<Answer[]> {
    await this.send('sync', concat([Uint8Array.of(0x07, 0x07, 0x12, 0x20), new Uint8Array(32).fill(0x55)]));
    const answers: Answer[] = [];
    while (answers.length < 8) answers.push(await this.answer());
    return answers;
  }

  /** One block of data to MEM_DATA, FLASH_DATA or FLASH_DEFL_DATA. */
  block(name: OpName, sequence: number, bytes: Uint8Array, checksum = checksumOf(bytes)): Promise<Answer> {
    return this.ask(name, concat([words(bytes.length, sequence, 0, 0), bytes]), checksum);
  }

  #arrive(frame: Uint8Array): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(frame);
    else this.#frames.push(frame);
  }
}

/** Little-endian words. */
export function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = viewOf(bytes);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
  return bytes;
}
