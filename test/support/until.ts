import { realClock } from '../../src/core/clock.ts';

/** Waits for a condition; what never comes true fails after `patience` milliseconds, saying what that is. */
export async function until(
  condition: () => boolean,
  what: string | (() => string) = condition.toString(),
  patience = 20_000,
): Promise<void> {
  // On the time of the machine, also where that of the program is simulated: what is waited for is beyond it.
  for (const end = realClock.now() + patience; !condition(); await realClock.sleep(2)) {
    if (realClock.now() > end) throw new Error(`never came true: ${typeof what === 'string' ? what : what()}`);
  }
}
