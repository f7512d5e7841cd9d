import { outputOf } from './child.ts';

/** How often each side of a pair runs. */
export const runs = 21;

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

export function milliseconds(action: () => unknown): number {
  const started = performance.now();
  action();
  return performance.now() - started;
}

/** A whole process, from start to end. */
export const processTime = (program: string, ...argv: string[]): number => milliseconds(() => outputOf(program, argv));

export interface Pair {
  readonly one: number;
  readonly other: number;
  /** Median of the ratios of neighbours, the other to the one: the load of the machine hits both alike. */
  readonly ratio: number;
}

/** The medians of two programs that take turns. */
export function inPairs(one: () => number, other: () => number): Pair {
  const pairs = Array.from({ length: runs }, () => [one(), other()] as const);
  return {
    one: median(pairs.map(([first]) => first)),
    other: median(pairs.map(([, second]) => second)),
    ratio: median(pairs.map(([first, second]) => second / first)),
  };
}

export function show(what: string, value: number): void {
  console.log(`  ${what.padEnd(60)} ${value.toFixed(1).padStart(7)} ms`);
}
