import assert from 'node:assert/strict';

/** CPU time of this process in milliseconds: other programs on a loaded machine do not count. */
function cpuOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const factor = 8;

/**
 * Asserts that eight times the input takes about eight times the CPU time: what is quadratic takes 64 times. `n` is
 * large enough where quadratic work would take some 20 ms for it; of two runs the best counts.
 */
export function assertLinear(n: number, make: (n: number) => () => void): void {
  const best = (size: number): number => {
    const work = make(size);
    return Math.min(cpuOf(work), cpuOf(work));
  };
  best(n);
  const [once, more] = [best(n), best(factor * n)];
  // Some milliseconds come and go with garbage collection.
  const growth = more / (once + 5);
  assert.ok(growth < 3 * factor, `${once.toFixed(0)} ms for ${n}, ${more.toFixed(0)} ms for ${factor * n}`);
}
