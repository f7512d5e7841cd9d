import assert from 'node:assert/strict';

/*
 * Linear work takes as long for one large input as for sixteen small ones that hold as much; quadratic work takes
 * sixteen times as long. The results of the small ones are kept meanwhile, so that the garbage collector has the same
 * to do on both sides. CPU time does not count what other programs do meanwhile, as the time of a clock does.
 */

const factor = 16;
/** Between 1 (linear; up to 5 where one array grows large) and 16 (quadratic). */
const limit = 8;
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
  while ((await cpuTime(small, factor * times)) < measurable) times *= 2;
  let [shortest, shortestOfLarge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const ratio = (): number => shortestOfLarge / shortest;
  for (let round = 0; round < rounds.least || (ratio() > limit && round < rounds.most); round++) {
    // In turns: a change of the machine's speed hits both.
    shortest = Math.min(shortest, (await cpuTime(small, factor * times)) / times);
    shortestOfLarge = Math.min(shortestOfLarge, (await cpuTime(large, times)) / times);
  }
  assert.ok(
    ratio() <= limit,
    `grows faster than its input: ${shortest} µs for ${factor} times ${size}, ${shortestOfLarge} µs for ${factor * size}`,
  );
}

/** Microseconds of several runs, whose results all live until the last is done. */
async function cpuTime(action: () => unknown, times: number): Promise<number> {
  const results: unknown[] = [];
  const before = process.cpuUsage();
  for (let run = 0; run < times; run++) results.push(await action());
  const { user, system } = process.cpuUsage(before);
  return results.length === times ? user + system : Number.NaN;
}
