import type { Cancel, Clock, TimerOptions } from '../../src/core/clock.ts';
import { idle } from './idle.ts';

interface Entry {
  /** Milliseconds, by this clock. */
  readonly due: number;
  readonly isAwaited: boolean;
  readonly callback: () => void;
}

/**
 * Time as one queue of events, for the program, the wire and the simulated chip alike. It stands still while the program
 * does anything (see idle.ts), and then jumps to the next event. Events of one moment come in the order in which they
 * were set, one at a time, each when all that the one before led to is done: the same test does the same every time,
 * however fast the machine is and whatever else it has to do.
 *
 * Held, it goes on by `advance` alone. That is for what waits for sockets, terminals or other processes, of which
 * nothing tells whether they are done: the test knows when.
 */
export class SimulatedClock implements Clock {
  readonly #isHeld: boolean;
  /** In the order of time. */
  #entries: Entry[] = [];
  #now = 0;
  #runs = false;
  #isStopped = false;

  constructor(how: 'free' | 'held' = 'free') {
    this.#isHeld = how === 'held';
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        callOff();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const callOff = this.timeout(milliseconds, end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  timeout(milliseconds: number, callback: () => void, options?: TimerOptions): Cancel {
    return this.at(this.#now + Math.max(0, milliseconds), callback, options);
  }

  interval(milliseconds: number, callback: () => void, options?: TimerOptions): Cancel {
    const next = (): void => {
      callOff = this.timeout(Math.max(1, milliseconds), next, options);
      callback();
    };
    let callOff = this.timeout(Math.max(1, milliseconds), next, options);
    return () => callOff();
  }

  /** Calls back at a moment; time goes on for the sake of it unless `ref` is false. */
  at(due: number, callback: () => void, { ref = true }: TimerOptions = {}): Cancel {
    if (this.#isStopped) return () => {};
    const entry: Entry = { due: Math.max(due, this.#now), isAwaited: ref, callback };
    const after = this.#entries.findLastIndex((other) => other.due <= entry.due);
    this.#entries.splice(after + 1, 0, entry);
    if (!this.#isHeld && !this.#runs) void this.#run();
    return () => {
      const index = this.#entries.indexOf(entry);
      if (index >= 0) this.#entries.splice(index, 1);
    };
  }

  until(due: number): Promise<void> {
    return new Promise((resolve) => void this.at(due, resolve));
  }

  /** Milliseconds from now to each event that is to come. */
  get pending(): number[] {
    return this.#entries.map(({ due }) => due - this.#now);
  }

  /** Lets so many milliseconds go by, with all that they bring. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await idle();
    while ((this.#entries[0]?.due ?? Number.POSITIVE_INFINITY) <= end) await this.#step();
    this.#now = end;
  }

  /** For good: what was set never comes, nor does what is set from now on. */
  stop(): void {
    this.#isStopped = true;
    this.#entries = [];
  }

  async #run(): Promise<void> {
    this.#runs = true;
    try {
      await idle();
      while (this.#entries.some(({ isAwaited }) => isAwaited)) await this.#step();
    } finally {
      this.#runs = false;
    }
  }

  /** The next event, and all that it leads to. */
  async #step(): Promise<void> {
    const entry = this.#entries.shift();
    if (entry === undefined) return;
    this.#now = entry.due;
    entry.callback();
    await idle();
  }
}
