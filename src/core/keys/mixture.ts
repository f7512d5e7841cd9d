import { type Digits, isDecimal, isJoint, isLower, isUpper } from './digits.ts';

/** A stretch of digits, by their numbers. */
export type Range = readonly [start: number, end: number];

/** Sums over all digits before each: how many are of a kind, changes between kinds, and what names have. */
export interface Mixture {
  readonly upper: Uint32Array;
  readonly lower: Uint32Array;
  readonly decimal: Uint32Array;
  readonly changes: Uint32Array;
  /** Changes between upper and lower case. */
  readonly cases: Uint32Array;
  /** Joints of a path or a name, and words. */
  readonly joints: Uint32Array;
  readonly words: Uint32Array;
}

/** So many small letters in a row are a word: by chance there are a few in a hundred lines. */
const wordLength = 6;

export function mixtureOf({ length, codes }: Digits): Mixture {
  const sums = () => new Uint32Array(length + 1);
  const [upper, lower, decimal, changes, cases] = [sums(), sums(), sums(), sums(), sums()];
  const [joints, words] = [sums(), sums()];
  let [last, run] = [0, 0];
  for (let at = 0; at < length; at++) {
    const code = codes[at] ?? 0;
    const kind = isUpper(code) ? 1 : isLower(code) ? 2 : isDecimal(code) ? 3 : last;
    upper[at + 1] = (upper[at] ?? 0) + Number(isUpper(code));
    lower[at + 1] = (lower[at] ?? 0) + Number(isLower(code));
    decimal[at + 1] = (decimal[at] ?? 0) + Number(isDecimal(code));
    changes[at + 1] = (changes[at] ?? 0) + Number(kind !== last);
    cases[at + 1] = (cases[at] ?? 0) + Number(kind !== last && kind < 3 && last < 3 && last > 0);
    joints[at + 1] = (joints[at] ?? 0) + Number(isJoint(code));
    run = isLower(code) ? run + 1 : 0;
    words[at + 1] = (words[at] ?? 0) + Number(run === wordLength);
    last = kind;
  }
  return { upper, lower, decimal, changes, cases, joints, words };
}

export const sum = (sums: Uint32Array, start: number, end: number): number => (sums[end] ?? 0) - (sums[start] ?? 0);

/** What a stretch of digits must have at least to be taken for a key's. */
export interface Measure {
  readonly width: number;
  readonly upper: number;
  readonly lower: number;
  readonly decimal: number;
  readonly changes: number;
  readonly cases?: number;
  /** And at most. */
  readonly joints?: number;
  readonly words?: number;
}

export const has = (
  mixture: Mixture,
  [start, end]: Range,
  {
    upper,
    lower,
    decimal,
    changes,
    cases = 0,
    joints = Number.POSITIVE_INFINITY,
    words = Number.POSITIVE_INFINITY,
  }: Measure,
): boolean =>
  sum(mixture.upper, start, end) >= upper &&
  sum(mixture.lower, start, end) >= lower &&
  sum(mixture.decimal, start, end) >= decimal &&
  sum(mixture.changes, start + 1, end) >= changes &&
  sum(mixture.cases, start + 1, end) >= cases &&
  sum(mixture.joints, start, end) <= joints &&
  sum(mixture.words, start, end) <= words;
