import type { After, Before, ConnectOptions } from '../device.ts';
import { argumentsOf, type Command, type Parting } from './command-line.ts';
import { type Program, runEsptool } from './run.ts';

/** The rate that every loader answers at first. */
export const romBaud = 115_200;

export interface Task {
  readonly command: Command;
  readonly args?: readonly string[];
  /** `reading the flash`. */
  readonly doing: string;
  /** Bytes of flash that it reads or writes. */
  readonly size?: number;
  readonly onLine?: (line: string) => void;
}

/**
 * One board over several calls of esptool, each of which opens the port and connects anew. How a call leaves the chip
 * to the next depends on what the next can do:
 *
 * - At 115,200 baud, and where there are no lines to reset by: `no-reset-stub`, then `no-reset`. The stub answers the
 *   next call at once.
 * - At a higher rate the stub stays at that rate while the next call says its first word at 115,200, so that it must be
 *   another stub: with lines, after a reset (`default-reset`) ...
 * - ... and without permission to reset, from the ROM loader that `no-reset` returns to.
 */
export class Session {
  readonly #program: Program;
  readonly #major: number;
  readonly #options: ConnectOptions;
  #baud: number;
  #chip = 'auto';
  #isFirst = true;

  constructor(program: Program, major: number, options: ConnectOptions) {
    this.#program = program;
    this.#major = major;
    this.#options = options;
    // Over a bare socket, only the machine at its end could change the rate, and esptool cannot tell it to.
    this.#baud = options.way.hasLines ? options.baud : Math.min(options.baud, romBaud);
  }

  /** Whether a lower rate can be tried where one does not work: only a reset brings the chip back to 115,200. */
  get canSlowDown(): boolean {
    return this.#baud > romBaud && this.#options.before === 'default-reset';
  }

  get baud(): number {
    return this.#baud;
  }

  /** Starts again at 115,200 baud, from the beginning. */
  slowDown(): void {
    this.#baud = romBaud;
    this.#isFirst = true;
  }

  /** From now on, any other chip is refused by esptool itself, and none has to be found out. */
  expect(chip: string): void {
    this.#chip = chip;
  }

  async run({ command, args = [], doing, size = 0, onLine }: Task): Promise<string> {
    const before = this.#isFirst ? this.#options.before : this.#next;
    const call = { ...this.#call, before, after: this.#parting, command, args };
    const output = await runEsptool(this.#program, {
      args: argumentsOf(call, this.#major),
      doing,
      port: this.#options.way.name,
      timeout: connectTime + transferTime(size, this.#baud),
      signal: this.#options.signal,
      onLine,
    });
    this.#isFirst = false;
    return output;
  }

  /**
   * The last call, which only resets. `isSure`: the chip is as the last call left it. Not a word is said where it
   * fails, since all that mattered is done.
   */
  async end(after: After, isSure: boolean): Promise<void> {
    if (this.#isFirst || this.#options.signal?.aborted || !this.#options.way.hasLines) return;
    if (after === 'no-reset' && this.#next === 'no-reset') return;
    const before = isSure ? this.#next : this.#options.before;
    const call = { ...this.#call, before, after, attempts: 2, command: 'read-mac' as const };
    await runEsptool(this.#program, {
      args: argumentsOf(call, this.#major),
      doing: 'resetting the board',
      port: this.#options.way.name,
      timeout: farewellTime,
      signal: this.#options.signal,
    }).catch(() => {});
  }

  get #call() {
    return { chip: this.#chip, port: this.#options.way.name, baud: this.#baud };
  }

  get #stubStays(): boolean {
    return this.#baud <= romBaud || !this.#options.way.hasLines;
  }

  get #next(): Before {
    return this.#stubStays ? 'no-reset' : this.#options.before;
  }

  get #parting(): Parting {
    return this.#stubStays || this.#options.before === 'default-reset' ? 'no-reset-stub' : 'no-reset';
  }
}

/** Seconds: starting Python, seven attempts to connect, loading the stub. */
const connectTime = 60;
const farewellTime = 8;

/** Seconds: three times what the bytes take on the wire, and half a second for each sector to be erased. */
const transferTime = (size: number, baud: number): number => Math.ceil((size * 10 * 3) / baud + size / 8192);
