import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../src/core/clock.ts';
import { SimulatedClock } from '../simulated-clock.ts';

/** How long a chip and its flash take, in milliseconds. */
export interface Timing {
  readonly sectorErase: number;
  /** 64 KiB in one go. */
  readonly blockErase: number;
  readonly chipErasePerMiB: number;
  /** 256 bytes. */
  readonly pageProgram: number;
  readonly readPerKiB: number;
  readonly md5PerKiB: number;
  /** Per KiB that comes out. */
  readonly inflatePerKiB: number;
  /** From the last byte of a request to the first of its reply, where nothing else is to be done. */
  readonly command: number;
  /** Added each time the host hands bytes over, and each time it gets some. */
  readonly usbLatency: number;
}

/**
 * Erasing and programming: typical values of Winbond's W25Q32 family (tSE 45 ms, tBE2 150 ms, tCE 10 s, tPP 0.4 to 0.7 ms
 * by revision); parts and their age differ widely. Reading, MD5 and inflating: assumed, from a 40 MHz bus on two lines
 * and a core at 80 to 240 MHz. A full-speed USB bridge, asked once per millisecond, would be a latency of 1.
 */
export const typicalTiming: Timing = {
  sectorErase: 45,
  blockErase: 150,
  chipErasePerMiB: 2500,
  pageProgram: 0.7,
  readPerKiB: 0.1,
  md5PerKiB: 0.1,
  inflatePerKiB: 0.25,
  command: 0.1,
  usbLatency: 0,
};

/** Nothing takes any time: as fast as the machine can. */
export const noTime: Timing = {
  sectorErase: 0,
  blockErase: 0,
  chipErasePerMiB: 0,
  pageProgram: 0,
  readPerKiB: 0,
  md5PerKiB: 0,
  inflatePerKiB: 0,
  command: 0,
  usbLatency: 0,
};

/** Below this a timer of Node is too coarse, and waiting goes round the event loop instead. */
const timerGrain = 2;

/**
 * The time of a chip and its wire. What is due is computed from what was due before, not from when a timer happened to
 * fire: on the clock of the machine lateness does not add up.
 */
export class Pace {
  readonly timed: boolean;
  readonly #clock: Clock;

  /** @param timed whether anything takes time at all */
  constructor(clock: Clock, timed: boolean) {
    this.#clock = clock;
    this.timed = timed;
  }

  now(): number {
    return this.timed ? this.#clock.now() : 0;
  }

  /** Milliseconds that `bytes` take: ten bits each, none where the rate is unknown or time does not count. */
  transfer(bytes: number, baud: number | undefined): number {
    return this.timed && baud !== undefined ? (bytes * 10_000) / baud : 0;
  }

  async until(due: number): Promise<void> {
    if (!this.timed) return;
    const clock = this.#clock;
    if (due <= clock.now()) return;
    if (clock instanceof SimulatedClock) return clock.until(due);
    const left = due - clock.now();
    if (left > timerGrain) await clock.sleep(left - timerGrain + 0.5);
    while (clock.now() < due) await nextTurn();
  }

  /** Resolves at once, but not within the call. */
  turn(): Promise<unknown> {
    return this.#clock instanceof SimulatedClock ? this.#clock.sleep(0) : nextTurn();
  }

  /** Milliseconds that count even where nothing takes time: those of a fault or of a circuit. */
  sleep(milliseconds: number): Promise<void> {
    return this.#clock.sleep(milliseconds);
  }
}
