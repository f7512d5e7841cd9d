import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; what never comes true fails after `patience` milliseconds. */
export async function until(condition: () => boolean, what: string, patience = 10_000): Promise<void> {
  for (const end = Date.now() + patience; !condition(); await sleep(2)) {
    if (Date.now() > end) throw new Error(`never came true: ${what}`);
  }
}
