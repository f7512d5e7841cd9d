import type { Lines } from '../../../src/device/connection.ts';
import type { Faults } from './faults.ts';
import { Line, type Note, type Strikes } from './line.ts';
import type { Pace } from './timing.ts';

/** The other end of the wire. */
export interface Host {
  data(bytes: Uint8Array): void;
  /** Said once, and nothing after it. */
  lost(reason: string): void;
  /** Bits per second, where the way knows it; else it always agrees with the chip. */
  readonly baud?: number | undefined;
}

/** What a host does at its end. */
export interface Plug {
  write(bytes: Uint8Array): void;
  setLines(lines: Lines): void;
  unplug(): void;
}

/** The board at this end. */
export interface WireEnd extends Strikes {
  hear(bytes: Uint8Array): void;
  /** Resolves when it waits for more to hear. */
  idle(): Promise<void>;
  setLines(lines: Lines): void;
}

export interface WireNature {
  readonly pace: Pace;
  readonly faults: Faults;
  /** Milliseconds. */
  readonly latency: number;
  /** Above this rate nothing gets through unharmed. */
  readonly maxBaud: number;
  /** Told what goes over the wire. */
  readonly note: Note | undefined;
}

/** At which a UART starts, and every flasher too. */
const usualBaud = 115200;
const idle: Lines = { dtr: false, rts: false };

/** What arrives where two ends disagree about the rate. Never a C0, which would leave a frame open. */
const garbled = (bytes: Uint8Array) => bytes.map((byte) => (byte * 31 + 7) & 0x7f);

/** Two lines and the rates at their ends. */
export class Wire {
  /** Of the chip's UART; undefined while the ROM waits for a first SYNC to measure. */
  baud: number | undefined;
  /** The chip's end sends nothing. */
  silent = false;
  readonly #nature: WireNature;
  readonly #end: WireEnd;
  readonly #toChip: Line;
  readonly #toHost: Line;
  #host: Host | undefined;

  constructor(nature: WireNature, end: WireEnd) {
    const { pace, faults, note } = nature;
    this.#nature = nature;
    this.#end = end;
    this.#toChip = new Line('toChip', { pace, faults, note }, end, {
      take: (bytes) => this.#arrive(bytes),
      idle: () => end.idle(),
    });
    this.#toHost = new Line('toHost', { pace, faults, note }, end, {
      take: (bytes) => this.#host?.data(bytes),
      idle: () => Promise.resolve(),
    });
  }

  get isPlugged(): boolean {
    return this.#host !== undefined;
  }

  get traffic(): { readonly toChip: number; readonly toHost: number } {
    return { toChip: this.#toChip.count, toHost: this.#toHost.count };
  }

  plug(host: Host): Plug {
    this.#host = host;
    const { pace, latency } = this.#nature;
    return {
      write: (bytes) => {
        if (this.#host !== host) return;
        this.#toChip.send(bytes.slice(), pace.now(), host.baud ?? this.baud ?? usualBaud, latency);
      },
      setLines: (lines) => {
        if (this.#host !== host) return;
        this.#nature.note?.(`lines DTR ${Number(lines.dtr)} RTS ${Number(lines.rts)}`);
        this.#end.setLines(lines);
      },
      unplug: () => {
        if (this.#host === host) this.#release();
      },
    };
  }

  /** What is under way is gone, in both directions, and so is the host. */
  cut(reason: string): void {
    const host = this.#host;
    this.#toChip.clear();
    this.#release();
    host?.lost(reason);
  }

  /**
   * Sends to the host, if there is one.
   *
   * @param from when the first bit goes, by the clock
   * @param baud at which the chip speaks, if not at that of its UART
   * @returns when the last bit has gone
   */
  send(bytes: Uint8Array, from: number, baud = this.baud ?? usualBaud): number {
    if (this.#host === undefined || this.silent) return from;
    const sent = this.#agrees(baud) ? bytes : garbled(bytes);
    return this.#toHost.send(sent, from, baud, this.#nature.latency);
  }

  #arrive(bytes: Uint8Array): void {
    this.baud ??= this.#host?.baud ?? usualBaud;
    this.#end.hear(this.#agrees(this.baud) ? bytes : garbled(bytes));
  }

  /** A UART bears about 3 %. */
  #agrees(baud: number): boolean {
    const host = this.#host?.baud ?? baud;
    return baud <= this.#nature.maxBaud && Math.abs(host - baud) <= baud * 0.03;
  }

  /** A port that is closed lets go of its lines. */
  #release(): void {
    this.#host = undefined;
    this.#toHost.clear();
    this.#end.setLines(idle);
  }
}
