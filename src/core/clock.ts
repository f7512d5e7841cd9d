/** Calls off a timeout or an interval; does nothing once it is over. */
export type Cancel = () => void;

/**
 * Time as the program sees it. Everything that waits or measures takes a clock, so that tests run on a simulated one,
 * in which an hour passes as soon as nothing is left to do before it.
 */
export interface Clock {
  /** Milliseconds since some moment; never goes back. Not the time of day. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once, after so many milliseconds. */
  timeout(milliseconds: number, callback: () => void): Cancel;
  /** Calls back every so many milliseconds, until it is called off. */
  interval(milliseconds: number, callback: () => void): Cancel;
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
  timeout(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  interval(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds);
    return () => clearInterval(timer);
  },
};
