import { largestOf } from './lists.ts';

/* Words and numbers as people read them. */

/** `9,120`. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `1 file`, `3 files`. */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${grouped(value)} ${value === 1 ? one : many}`;

/** `8K`, `1M`, or bytes where neither is exact. */
export function sizeText(bytes: number): string {
  if (bytes > 0 && bytes % (1024 * 1024) === 0) return `${bytes / (1024 * 1024)}M`;
  if (bytes > 0 && bytes % 1024 === 0) return `${bytes / 1024}K`;
  return String(bytes);
}

/**
 * A number of bytes as configs and partition tables write it: decimal, `0x…`, `8K`, `1M`.
 * Undefined for anything else, for fractions, and beyond 2^53.
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(?:0x([0-9a-f]+)|([0-9]+))([km])?$/i.exec(text.trim());
  if (!match) return undefined;
  const [, hexDigits, digits, unit] = match;
  const number = hexDigits === undefined ? Number(digits) : Number.parseInt(hexDigits, 16);
  const bytes = number * (unit === undefined ? 1 : /k/i.test(unit) ? 1024 : 1024 * 1024);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Compares as the reference tools sort: by code point, which is also the byte order of UTF-8. */
export function byCodePoint(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** The halves of characters beyond U+FFFF stand in UTF-16 at D800 to DFFF, yet these characters are the highest. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Compares as people count: `client_2` before `client_10`. The same on every machine, whatever its locale. */
export function byNumber(a: string, b: string): number {
  const parts = (text: string) => text.match(/[0-9]+|[^0-9]+/g) ?? [];
  const left = parts(a);
  const right = parts(b);
  for (let at = 0; at < left.length && at < right.length; at++) {
    const [one = '', other = ''] = [left[at], right[at]];
    const bothNumbers = /^[0-9]/.test(one) && /^[0-9]/.test(other);
    const difference = bothNumbers ? byValue(one, other) : byCodePoint(one, other);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || byCodePoint(a, b);
}

/** Digits of any length, which a Number would round. */
function byValue(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || byCodePoint(left, right);
}

/** The candidate that a mistyped word most likely meant, if any is near. */
function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  const all: readonly string[] = Array.isArray(candidates) ? candidates : [...candidates];
  if (all.length > mostCandidates) return undefined;
  for (const candidate of all) {
    // Each character more or less is a change of its own.
    if (Math.abs(word.length - candidate.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Among more of them a guess takes its time, for each of many mistyped words. */
const mostCandidates = 500;

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** The hint that goes with a mistyped word, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>, quote = '"'): string | undefined {
  const meant = nearest(word, candidates);
  return meant === undefined ? undefined : `did you mean ${quote}${meant}${quote}${codePointsOf(meant)}?`;
}

/** Letters that look like others, by their code points: ` (with U+0430)`; empty where all are ASCII. */
export function codePointsOf(text: string): string {
  const strange = [...new Set(text)].filter((character) => (character.codePointAt(0) ?? 0) > 0x7f);
  const codes = strange.map(
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return codes.length > 0 ? ` (with ${listed(codes)})` : '';
}

/** `a, b and c`; of more than five the first four and how many others there are. */
export function listed(words: readonly string[]): string {
  const shown = words.length > 5 ? [...words.slice(0, 4), `${grouped(words.length - 4)} more`] : words;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** `a, b, c`: all of them, unless there are so many that they would fill the screen. */
export function joined(words: readonly string[]): string {
  if (words.length <= mostJoined) return words.join(', ');
  return `${words.slice(0, mostJoined).join(', ')} and ${grouped(words.length - mostJoined)} more`;
}

/** The most partitions that one table may have. */
const mostJoined = 95;

// All but what is shown: a property such as \p{Cc} would make each start load the tables of Unicode.
const unprintable = /[^\x20-\x7e\xa0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\uffff]/g;

/**
 * Text out of a file, its name or a certificate, safe on a terminal: control characters become visible, and so do
 * those that turn the writing direction or break a line (U+202E shows `exe.crt` as `trc.exe`).
 */
export const printable = (text: string): string =>
  text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });

/** Columns that text takes on a terminal: two for each character of East Asian width and each emoji, none for marks. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  marks ??= new RegExp(joining, 'u');
  let width = 0;
  for (const character of text) if (!marks.test(character)) width += wide.test(character) ? 2 : 1;
  return width;
}

// Not a literal: Node loads the tables of Unicode as soon as it reads a property in one.
const joining = '[\\p{M}\\u200d]';
let marks: RegExp | undefined;

// https://www.unicode.org/reports/tr11: the blocks whose characters are wide or full-width.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** Rows with their cells in columns, two blanks apart. */
export function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => largestOf(rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
