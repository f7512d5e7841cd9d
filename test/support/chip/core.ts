import type { ChipKind, ChipName } from './chips.ts';
import type { NorFlash } from './nor-flash.ts';
import { encodeReply, type Reply, type Request } from './protocol.ts';
import type { Registers } from './registers.ts';
import type { Security } from './security.ts';
import { SlipReader, slipFrame } from './slip.ts';
import type { Pace, Timing } from './timing.ts';

/** Thrown into whatever the core waits for when it is reset or loses its power. */
export class Stopped extends Error {}

/** What the core of a chip sees around it. */
export interface Board {
  readonly name: ChipName;
  readonly kind: ChipKind;
  readonly flash: NorFlash;
  readonly registers: Registers;
  readonly security: Security;
  readonly pace: Pace;
  readonly timing: Timing;
  /** Bits per second of UART0. */
  readonly baud: number;
  setBaud(baud: number): void;
  setMode(mode: 'rom' | 'stub'): void;
  /** Starts the chip again: nothing that the core does afterwards has any effect. */
  restart(): void;
  /** Puts bytes on the wire; returns when the last one has gone, by the clock. */
  transmit(bytes: Uint8Array, from: number): number;
  /** Notes that a command came, and says what is to become of its reply. */
  received(request: Request): Treatment;
}

/** What faults make of a reply. */
export interface Treatment {
  /** Goes out before it. */
  readonly noise: Uint8Array;
  /** Undefined: there is none. */
  alter(reply: Reply): Reply | undefined;
}

/** Bytes that the UART takes over without making the core wait. */
const transmitBuffer = 128;

/** The longest frame that the stub takes: header, 16 KiB, and some (esp-flasher-stub, frame_buffer.h). */
const stubFrame = 8 + 0x4000 + 0xff;

/** The processor from one reset to the next: reads frames, takes time, writes frames. */
export class Core {
  readonly board: Board;
  /** Where the program is, by the clock. */
  time: number;
  #stopped = false;
  #frames: Uint8Array[] = [];
  #idle: (() => void)[] = [];
  #waiting: { resolve(frame: Uint8Array): void; reject(error: Error): void } | undefined;
  #reader: SlipReader;

  constructor(board: Board) {
    this.board = board;
    this.time = board.pace.now();
    this.#reader = new SlipReader((frame) => this.#arrive(frame), 'starts-next');
  }

  /** The stub is pickier about frames than the ROM. */
  strictFrames(): void {
    this.#reader = new SlipReader((frame) => this.#arrive(frame), 'ends', stubFrame);
  }

  /** From the wire. */
  receive(bytes: Uint8Array): void {
    if (!this.#stopped) this.#reader.push(bytes);
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting?.reject(new Stopped());
    this.#waiting = undefined;
    this.#rest();
  }

  /** Resolves when it has done what it was told, and waits for more. */
  idle(): Promise<void> {
    if (this.#stopped || this.#waiting) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async next(): Promise<Uint8Array> {
    this.#check();
    const frame = this.#frames.shift() ?? (await this.#arrival());
    this.time = Math.max(this.time, this.board.pace.now());
    return frame;
  }

  /** Works for so many milliseconds. */
  async spend(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    await this.board.pace.until(this.time);
    this.#check();
  }

  send(payload: Uint8Array): void {
    this.transmit(slipFrame(payload));
  }

  /** @param code the command that is answered; `times`: SYNC and what the ROM does not know get more than one answer */
  answer(code: number, reply: Reply, { noise }: Treatment, statusSize: number, times: number): void {
    if (noise.length > 0) this.transmit(noise);
    const frame = encodeReply(code, reply, statusSize);
    for (let sent = 0; sent < times; sent++) this.send(frame);
  }

  transmit(bytes: Uint8Array): void {
    this.#check();
    const { pace, baud } = this.board;
    const gone = this.board.transmit(bytes, this.time);
    this.time = Math.max(this.time, gone - pace.transfer(transmitBuffer, baud));
  }

  #arrival(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#rest();
    });
  }

  #rest(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #arrive(frame: Uint8Array): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(frame);
    else this.#frames.push(frame);
  }

  #check(): void {
    if (this.#stopped) throw new Stopped();
  }
}
