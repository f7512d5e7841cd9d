import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; what never comes true fails after `patience` milliseconds, saying what that is. */
export async function until(
  condition: () => boolean,
  what: string | (() => string) = condition.toString(),
  patience = 20_000,
): Promise<void> {
  for (const end = Date.now() + patience; !condition(); await sleep(2)) {
    if (Date.now() > end) throw new Error(`never came true: ${typeof what === 'string' ? what : what()}`);
  }
}
