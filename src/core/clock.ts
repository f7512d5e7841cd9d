// By import, not as globals: a test that replaces those for a package leaves this clock as it is.
import { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'node:timers';

/** Calls off a timeout or an interval; does nothing once it is over. */
export type Cancel = () => void;

export interface TimerOptions {
  /** `false`: the process does not go on for it alone. Default: `true`. */
  readonly ref?: boolean;
}

/**
 * Time as the program sees it. Everything that waits or measures takes a clock, so that tests run on a simulated one,
 * in which an hour passes as soon as nothing is left to do before it.
 */
export interface Clock {
  /** Milliseconds since some moment; never goes back. Not the time of day. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once, after so many milliseconds. What arrived by then is dealt with first, also after a stall. */
  timeout(milliseconds: number, callback: () => void, options?: TimerOptions): Cancel;
  /** Calls back every so many milliseconds, until it is called off. */
  interval(milliseconds: number, callback: () => void, options?: TimerOptions): Cancel;
}

/** The clock of the machine: the only place in the program that sets a timer. */
export const realClock: Clock = {
  // Not `performance`, whose first use loads a dozen modules.
  now: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal?.addEventListener('abort', end, { once: true });
    }),
  timeout(milliseconds, callback, { ref = true } = {}) {
    let late: NodeJS.Immediate | undefined;
    // After a stall Node runs timers before it reads: one turn later what has arrived has been read.
    const timer = setTimeout(() => {
      late = setImmediate(callback);
      if (!ref) late.unref();
    }, milliseconds);
    if (!ref) timer.unref();
    return () => {
      clearTimeout(timer);
      if (late) clearImmediate(late);
    };
  },
  interval(milliseconds, callback, { ref = true } = {}) {
    const timer = setInterval(callback, milliseconds);
    if (!ref) timer.unref();
    return () => clearInterval(timer);
  },
};

/** Milliseconds since 1970, as file systems note them: to compare with their times, never to measure. */
export const timeOfDay: () => number = Date.now;

/** Holds up the whole process, in the middle of a function that cannot wait for a promise. */
export const pause = (milliseconds: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
