import assert from 'node:assert/strict';

/*
 * Linear work takes twice the CPU time for twice the input, quadratic work four times: over four doublings that is 16
 * against 256, which leaves room for what a larger heap costs. CPU time does not count what other programs do
 * meanwhile, as the time of a clock does; the shortest of several runs leaves out garbage collections and cold caches.
 */

const factor = 16;
/** Between 16 (linear; 22 for n log n) and 256 (quadratic). */
const limit = 64;
/** Microseconds below which a measurement says little: a shorter action is repeated. */
const measurable = 2000;
/** Rounds that are measured at least, and until the ratio is below the limit at most. */
const rounds = { least: 2, most: 20 };

/**
 * Fails unless an action takes CPU time in line with the size of its input.
 *
 * @param size size of the smaller input; the larger one has 16 times as much
 * @param prepare makes the input of a size, outside of the measured time, and returns the action
 */
export async function growsLinearly(size: number, prepare: (size: number) => () => unknown): Promise<void> {
  const [small, large] = [prepare(size), prepare(factor * size)];
  let times = 1;
  while ((await cpuTime(small, times)) * times < measurable) times *= 2;
  let [shortest, shortestOfLarge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const ratio = (): number => shortestOfLarge / shortest;
  for (let round = 0; round < rounds.least || (ratio() > limit && round < rounds.most); round++) {
    // In turns: a change of the machine's speed hits both.
    shortest = Math.min(shortest, await cpuTime(small, times));
    shortestOfLarge = Math.min(shortestOfLarge, await cpuTime(large, 1));
  }
  assert.ok(
    ratio() <= limit,
    `grows faster than its input: ${shortest} µs for ${size}, ${shortestOfLarge} µs for ${factor * size}`,
  );
}

/** Microseconds of one run of several. */
async function cpuTime(action: () => unknown, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let run = 0; run < times; run++) await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
