import assert from 'node:assert/strict';

/** Whether a process lives, not counting one that is only not waited for yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until something is so, and fails where that takes implausibly long. */
export async function until(isSo: () => boolean, what = 'it never came to be', patience = 20_000): Promise<void> {
  const start = performance.now();
  while (!isSo()) {
    assert.ok(performance.now() - start < patience, what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
