import type { Place } from './diagnostic.ts';

const widestLine = 100;
const tabWidth = 2;

/**
 * The line of a place with the place marked, or nothing where the line is not known:
 *
 *     12 │     "ofset": "0x2e000",
 *        │     ~~~~~~~
 */
export function excerpt({ line, column, length = 1, text }: Place): string[] {
  if (line === undefined || text === undefined) return [];
  const start = (column ?? 1) - 1;
  const { shown, before, marked } = cut(text, start, column === undefined ? 0 : length);
  const number = String(line);
  const lines = [`${number} │ ${expand(shown)}`];
  if (column !== undefined) {
    const indent = ' '.repeat(widthOf(expand(shown.slice(0, before))));
    const squiggle = '~'.repeat(Math.max(1, widthOf(expand(shown.slice(before, before + marked)))));
    lines.push(`${' '.repeat(number.length)} │ ${indent}${squiggle}`);
  }
  return lines;
}

/** A window of a long line around the place. `before` and `marked` count characters of `shown`. */
function cut(text: string, start: number, length: number): { shown: string; before: number; marked: number } {
  if (text.length <= widestLine) return { shown: text, before: start, marked: length };
  const from = Math.max(0, Math.min(start - 20, text.length - widestLine));
  const to = Math.min(text.length, from + widestLine);
  const head = from > 0 ? '…' : '';
  const shown = `${head}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
  const before = start - from + head.length;
  return { shown, before, marked: Math.min(length, to - start) };
}

const expand = (text: string): string => text.replaceAll('\t', ' '.repeat(tabWidth)).replace(/\p{Cc}/gu, '\ufffd');

/** Columns that a text takes on a terminal: two for East Asian wide characters and emoji, none for combining marks. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}/u.test(character)) continue;
    const wide =
      /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}
