import { realClock } from '../../../core/clock.ts';
import { romBaud } from '../../chips.ts';
import type { After, Before, ConnectOptions } from '../../device.ts';
import { hardResetOver } from '../stub/hard-reset.ts';
import { argumentsOf, type Command, type Parting } from './command-line.ts';
import { EsptoolError, type Program, runEsptool } from './run.ts';

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
 *   next call at once. Where it does not, since opening the port resets some boards, each call resets from then on.
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
  #stubStays: boolean;
  #stubIsOurs = true;

  constructor(program: Program, major: number, options: ConnectOptions) {
    this.#program = program;
    this.#major = major;
    this.#options = options;
    // Over a bare socket, only the machine at its end could change the rate, and esptool cannot tell it to.
    this.#baud = options.port.hasLines ? options.baud : Math.min(options.baud, romBaud);
    this.#stubStays = this.#baud <= romBaud;
  }

  get baud(): number {
    return this.#baud;
  }

  /** `auto`, or the one that is expected. */
  get chip(): string {
    return this.#chip;
  }

  /** Whether the stub was started by this session, so that nothing was broken off in it before. */
  get stubIsOurs(): boolean {
    return this.#stubIsOurs;
  }

  /** Whether a lower rate can be tried where one does not work: only a reset brings the chip back to 115,200. */
  get canSlowDown(): boolean {
    return this.#baud > romBaud && this.#options.before === 'default-reset';
  }

  /** Starts again at 115,200 baud, from the beginning. */
  slowDown(): void {
    this.#baud = romBaud;
    this.#isFirst = true;
    this.#stubStays = true;
  }

  /** From now on, any other chip is refused by esptool itself, and none has to be found out. */
  expect(chip: string): void {
    this.#chip = chip;
  }

  async run(task: Task): Promise<string> {
    const { before } = this.#options;
    const next = this.#isFirst || !this.#stubStays ? before : 'no-reset';
    const canReset = next !== before && this.#options.port.hasLines;
    try {
      return await this.#call(task, next, canReset ? 2 : undefined);
    } catch (error) {
      if (!canReset || !isUnanswered(error)) throw error;
    }
    this.#stubStays = false;
    return this.#call(task, before);
  }

  /**
   * The last call, which only resets. esptool pulls EN low by RTS alone, which takes DTR to be off: it is so only after
   * `default-reset` (esptool/reset.py, HardReset; pyserial opens a port with DTR on). Not a word is said where it fails,
   * since all that matters is done.
   */
  async end(after: After): Promise<void> {
    const { port, before, signal, clock = realClock } = this.#options;
    if (this.#isFirst || !port.hasLines) return;
    // Who interrupts does not wait for another Python to start.
    if (signal?.aborted) return after === 'hard-reset' ? hardResetOver(port, clock) : undefined;
    if (after === 'no-reset' && (this.#stubStays || before === 'no-reset')) return;
    const words = {
      chip: this.#chip,
      port: port.name,
      baud: romBaud,
      before: 'default-reset',
      after,
      attempts: 2,
    } as const;
    const args = argumentsOf({ ...words, command: 'read-mac' }, this.#major);
    const errand = { args, doing: 'resetting the board', port: port.name, timeout: farewellTime, signal, clock };
    await runEsptool(this.#program, errand).catch(() => {});
  }

  async #call(task: Task, before: Before, attempts?: number): Promise<string> {
    const { command, args = [], doing, size = 0, onLine } = task;
    const { port, signal, clock } = this.#options;
    const words = { chip: this.#chip, port: port.name, baud: this.#baud, before, after: this.#parting };
    const output = await runEsptool(this.#program, {
      args: argumentsOf({ ...words, attempts, command, args }, this.#major),
      doing,
      port: port.name,
      timeout: connectTime + transferTime(size, this.#baud),
      signal,
      clock,
      onLine,
    });
    if (this.#isFirst) this.#stubIsOurs = !/tub.* is already running/.test(output);
    this.#isFirst = false;
    return output;
  }

  get #parting(): Parting {
    return this.#stubStays || this.#options.before === 'default-reset' ? 'no-reset-stub' : 'no-reset';
  }
}

/** Whether nobody answered, so that nothing can have been done either. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof EsptoolError && /Failed to connect/.test(error.output);

/** Seconds: starting Python, seven attempts to connect, loading the stub. */
const connectTime = 60;
const farewellTime = 8;

/** Seconds: three times what the bytes take on the wire, and half a second for each sector to be erased. */
const transferTime = (size: number, baud: number): number => Math.ceil((size * 10 * 3) / baud + size / 8192);
