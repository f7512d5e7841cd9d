import { realClock } from '../../src/core/clock.ts';

/** Waits for a condition; one that never comes true fails after `patience` milliseconds, with its description. */
export async function until(
  condition: () => boolean,
  what: string | (() => string) = condition.toString(),
  patience = 60_000,
): Promise<void> {
  // On the time of the machine, also where that of the program is simulated: what is waited for is beyond it.
  for (const end = realClock.now() + patience; !condition(); await realClock.sleep(2)) {
    if (realClock.now() > end) throw new Error(`never came true: ${typeof what === 'string' ? what : what()}`);
  }
}

/** Lets up to 20 ms pass, for tests in which something happens at any moment: none is better than another. */
export const randomPause = (): Promise<void> => realClock.sleep(Math.random() * 20);
