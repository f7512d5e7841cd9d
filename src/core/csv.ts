import { codePointsOf } from './text.ts';

/** The grammar of CSV as Python's csv module reads it, which nvs_partition_gen.py uses: text to cells with their places. */

export interface Cell {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Characters of the source that it takes, quotes included, up to the end of its first line. */
  readonly length: number;
}

export interface CsvProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  readonly line: number;
  readonly column: number;
  readonly length?: number;
}

export interface CsvText {
  readonly rows: readonly (readonly Cell[])[];
  readonly problems: readonly CsvProblem[];
}

export interface Dialect {
  /** Lines that begin with `#` are no rows, nor are rows whose cells are all blank. Default: true. */
  readonly comments?: boolean;
  /** Cells may be quoted. Default: true. */
  readonly quotes?: boolean;
}

/** Between the columns that every table and CSV here has at least. */
const fewestCommas = 3;
/** Separators that editors and spreadsheets write instead of commas. */
const separators: readonly (readonly [character: RegExp, name: string])[] = [
  [/[\uff0c\u3001\ufe50]/, 'full-width commas'],
  [/;/, 'semicolons'],
  [/\t/, 'tabs'],
];

/**
 * Says what separates the cells of a line in place of commas; undefined where they do, or where there is one cell. What
 * stands behind a # is a comment, and no cell.
 */
export function wrongSeparator(line: string): Omit<CsvProblem, 'line'> | undefined {
  const cells = line.replace(/#.*/s, '');
  const commas = cells.split(',').length - 1;
  for (const [character, name] of separators) {
    const found = character.exec(cells);
    const count = cells.split(character).length - 1;
    if (found === null || commas >= fewestCommas || count + commas < fewestCommas) continue;
    const message = `the columns are separated by ${name}${codePointsOf(found[0])}, not commas`;
    return { severity: 'error', message, hint: 'put commas in place of them', column: found.index + 1, length: 1 };
  }
  return undefined;
}

/**
 * Blank lines are left out, and with `comments` lines that begin with `#`. One pass, however many quotes and commas a
 * line has. CRLF and CR are line ends like LF and become LF inside quotes,
 * as in the reference. `text` is without a byte order mark.
 */
export function cellsOf(text: string, { comments = true, quotes = true }: Dialect = {}): CsvText {
  const source = text.replace(/\r\n?/g, '\n');
  const rows: Cell[][] = [];
  const problems: CsvProblem[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;

  let nextEnd = -1;
  /** Asked for in rising order: looked for again from each cell of a long line, its end would be found too often. */
  const lineEnd = (from: number): number => {
    if (nextEnd >= from) return nextEnd;
    const end = source.indexOf('\n', from);
    nextEnd = end < 0 ? source.length : end;
    return nextEnd;
  };

  /** Moves to `end`, counting the lines passed. */
  const advance = (end: number) => {
    for (let next = lineEnd(at); next < end; next = lineEnd(next + 1)) {
      line++;
      lineStart = next + 1;
    }
    at = end;
  };

  const plainEnd = (from: number): number => {
    let end = from;
    while (end < source.length && source[end] !== ',' && source[end] !== '\n') end++;
    return end;
  };

  const quotedCell = (): Cell => {
    const [startLine, column, start] = [line, at - lineStart + 1, at];
    const length = lineEnd(start) - start;
    const parts: string[] = [];
    for (;;) {
      const close = source.indexOf('"', at + 1);
      const inside = source.slice(at + 1, close < 0 ? source.length : close);
      parts.push(inside);
      if (comments && inside.includes('\n#')) {
        const message = 'a line of this text begins with "#": it is kept here, nvs_partition_gen.py drops it';
        problems.push({ severity: 'warning', message, line: startLine, column });
      }
      if (close < 0) {
        problems.push({ severity: 'error', message: 'this quote is never closed', line: startLine, column });
        advance(source.length);
        break;
      }
      advance(close + 1);
      if (source[at] !== '"') break;
      parts.push('"');
    }
    const rest = source.slice(at, plainEnd(at));
    if (rest !== '') {
      const message = 'text behind a closing quote belongs to the same cell: is a comma missing?';
      problems.push({ severity: 'warning', message, line, column: at - lineStart + 1 });
      advance(at + rest.length);
    }
    return { text: parts.join('') + rest, line: startLine, column, length: Math.min(length, at - start) };
  };

  const cell = (): Cell => {
    if (quotes && source[at] === '"') return quotedCell();
    const content = source.slice(at, plainEnd(at));
    const plain = { text: content, line, column: at - lineStart + 1, length: content.length };
    advance(at + content.length);
    return plain;
  };

  while (at < source.length) {
    const end = lineEnd(at);
    if (end === at || (comments && /^\s*(#|$)/.test(source.slice(at, end)))) {
      advance(Math.min(end + 1, source.length));
      continue;
    }
    const row = [cell()];
    while (source[at] === ',') {
      advance(at + 1);
      row.push(cell());
    }
    advance(Math.min(at + 1, source.length));
    if (!comments || row.some(({ text: content }) => content.trim() !== '')) rows.push(row);
  }
  return { rows, problems };
}
