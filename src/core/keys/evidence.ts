import { type Digits, hardGap, isLower } from './digits.ts';
import type { Range } from './mixture.ts';

/** Digits that are a key's without more evidence. A name may be as mixed, but is shorter. */
export const longEnough = 40;
/** Characters between a key and what belongs to it: the number of a line, a mark, quotes. */
const near = 80;
/** Characters between two pieces of a key that was cut up. */
const nearPieces = 40;
const pemMark = /PRIVATE KEY/g;

/**
 * Marks those of the short mixed stretches that stand beside evidence: a marked key, the mark of a PEM block, or one
 * another. Alone each of them may be the name of a file or of a device.
 */
export function markBesideEvidence(
  text: string,
  digits: Digits,
  marked: Uint8Array,
  stretches: readonly Range[],
): void {
  const sorted = stretches.toSorted(([one], [other]) => one - other);
  for (const group of groupsOf(digits, sorted))
    if (isEvidence(digits, group)) for (const [start, end] of group) marked.fill(1, start, end);
  const marks = Array.from(text.matchAll(pemMark), ({ index }) => index);
  const { length, from, to } = digits;
  // Forward, then backward: a stretch that is marked is evidence for the next.
  let [at, mark, known] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const [start, end] of sorted) {
    for (; at < start; at++) if (marked[at] === 1) known = Math.max(known, to[at] ?? 0);
    const begin = from[start] ?? 0;
    for (; (marks[mark] ?? Number.POSITIVE_INFINITY) < begin; mark++) known = Math.max(known, marks[mark] ?? 0);
    if (begin - known <= near) marked.fill(1, start, end);
  }
  [at, mark, known] = [length - 1, marks.length - 1, Number.POSITIVE_INFINITY];
  for (const [start, end] of sorted.toReversed()) {
    for (; at >= end; at--) if (marked[at] === 1) known = Math.min(known, from[at] ?? 0);
    const behind = to[end - 1] ?? 0;
    for (; (marks[mark] ?? -1) >= behind; mark--) known = Math.min(known, marks[mark] ?? 0);
    if (known - behind <= near) marked.fill(1, start, end);
  }
}

/** Stretches close to each other. */
function groupsOf({ from, to }: Digits, sorted: readonly Range[]): Range[][] {
  const groups: Range[][] = [];
  for (const range of sorted) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last === undefined || before === undefined) groups.push([range]);
    else if (range[0] < before[1]) last[last.length - 1] = [before[0], Math.max(before[1], range[1])];
    else if ((from[range[0]] ?? 0) - (to[before[1] - 1] ?? 0) <= nearPieces) last.push(range);
    else groups.push([range]);
  }
  return groups;
}

/** Three pieces of a key, or two with nothing between them but what parts the digits of a key. Names do not count. */
function isEvidence(digits: Digits, group: readonly Range[]): boolean {
  const distinct = new Map(group.map((range) => [textOf(digits, range), range]));
  const telling = [...distinct.values()].filter((range) => !isReadable(digits, range));
  if (telling.length >= 3) return true;
  const [one, other] = telling;
  if (one === undefined || other === undefined || other[0] !== one[1]) return false;
  return digits.gap[other[0]] !== hardGap && other[1] - one[0] >= longEnough;
}

/** Share of the digits of a name that are in small letters of a word. Of random digits it is 15 %. */
const readable = 0.3;

export function isReadable({ codes }: Digits, [start, end]: Range): boolean {
  let [run, inWords] = [0, 0];
  for (let at = start; at <= end; at++) {
    if (at < end && isLower(codes[at] ?? 0)) run++;
    else {
      if (run >= 3) inWords += run;
      run = 0;
    }
  }
  return inWords >= (end - start) * readable;
}

export const textOf = ({ codes }: Digits, [start, end]: Range): string =>
  Buffer.from(codes.buffer, start, end - start).toString('latin1');
