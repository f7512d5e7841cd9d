import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; one that never comes true fails after `patience` milliseconds, with its description. */
export async function until(
  condition: () => boolean,
  what: string | (() => string) = condition.toString(),
  patience = 60_000,
): Promise<void> {
  for (const end = Date.now() + patience; !condition(); await sleep(2)) {
    if (Date.now() > end) throw new Error(`never came true: ${typeof what === 'string' ? what : what()}`);
  }
}

/** Lets up to 20 ms pass, for tests in which something happens at any moment: none is better than another. */
export const randomPause = (): Promise<void> => sleep(Math.random() * 20);
