import { withoutKeys } from '../secret.ts';
import { displayWidth, printable } from '../text.ts';
import type { Place } from './diagnostic.ts';

/** In columns of a terminal. */
const widestLine = 100;
/** What of a long line is shown before the place. */
const lead = 20;
const tab = '  ';

/** One character as it is shown. */
interface Cell {
  readonly shown: string;
  /** How many columns of a terminal it takes. */
  readonly columns: number;
}

/**
 * The line of a place with the place marked, or nothing where the line is not known. Keys in it are masked.
 *
 *     12 │     "ofset": "0x2e000",
 *        │     ~~~~~~~
 */
export function excerpt({ line, column, length = 1, text }: Place): string[] {
  if (line === undefined || text === undefined) return [];
  const number = String(line);
  const start = (column ?? 1) - 1;
  const { cells, from, to, cutBefore, cutBehind } = cut(withoutKeys(text), start, length);
  const shown = cells.map((cell) => cell.shown).join('');
  const lines = [`${number} │ ${cutBefore ? '…' : ''}${shown}${cutBehind ? '…' : ''}`];
  if (column !== undefined) {
    const indent = ' '.repeat(columnsOf(cells.slice(0, from)) + (cutBefore ? 1 : 0));
    // At the end of a line, where something is missing, there is no character to mark.
    const squiggle = '~'.repeat(Math.max(1, columnsOf(cells.slice(from, to))));
    lines.push(`${' '.repeat(number.length)} │ ${indent}${squiggle}`);
  }
  return lines;
}

interface Window {
  readonly cells: readonly Cell[];
  /** Which of the cells the place is. */
  readonly from: number;
  readonly to: number;
  readonly cutBefore: boolean;
  readonly cutBehind: boolean;
}

/** A window of a long line around the place, which is in UTF-16 units. */
function cut(text: string, start: number, length: number): Window {
  // A config may be one line of any length: only what could be in the window is looked at.
  const [begin, end] = [Math.max(0, start - 2 * widestLine), Math.min(text.length, start + 2 * widestLine)];
  const before = cellsOf(text.slice(begin, start));
  const marked = cellsOf(text.slice(start, Math.min(end, start + length)));
  const cells = [...before, ...marked, ...cellsOf(text.slice(Math.min(end, start + length), end))];
  let [first, behind] = [0, cells.length];
  if (columnsOf(cells) > widestLine) {
    first = reach(cells, before.length, -1, lead);
    behind = reach(cells, first, 1, widestLine);
    // At the end of the line the room goes to what stands before.
    if (behind === cells.length) first = reach(cells, behind, -1, widestLine);
  }
  return {
    cells: cells.slice(first, behind),
    from: before.length - first,
    to: Math.min(before.length + marked.length, behind) - first,
    cutBefore: begin + first > 0,
    cutBehind: end < text.length || behind < cells.length,
  };
}

/** How far one comes from a cell within so many columns. */
function reach(cells: readonly Cell[], from: number, step: 1 | -1, columns: number): number {
  let [at, room] = [from, columns];
  for (;;) {
    const next = cells[step > 0 ? at : at - 1];
    if (next === undefined || next.columns > room) return at;
    room -= next.columns;
    at += step;
  }
}

const columnsOf = (cells: readonly Cell[]): number => cells.reduce((sum, { columns }) => sum + columns, 0);

const cellsOf = (text: string): Cell[] =>
  Array.from(text, (character) => {
    const shown = character === '\t' ? tab : visible(character);
    return { shown, columns: displayWidth(shown) };
  });

/** Editors show no byte order mark. What would turn the line into another one becomes a sign for it. */
function visible(character: string): string {
  if (character === '\ufeff') return '';
  return printable(character) === character && !/^[\ud800-\udfff]$/.test(character) ? character : '\ufffd';
}
