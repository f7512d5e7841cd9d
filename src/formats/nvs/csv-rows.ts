import { type Cell, type CsvProblem, cellsOf, wrongSeparator } from '../../core/csv.ts';
import { codePointsOf } from '../../core/text.ts';

/** The rows of an NVS CSV by the names of its columns, before any value is looked at. */

const columns = ['key', 'type', 'encoding', 'value'] as const;
type Column = (typeof columns)[number];
const rowTypes = ['namespace', 'data', 'file'] as const;

export interface CsvRow {
  readonly type: (typeof rowTypes)[number];
  /** Absent where the row ends before it. */
  readonly key?: Cell;
  readonly encoding?: Cell;
  readonly value?: Cell;
  /** Where the row ends: the place of what is absent. */
  readonly end: Spot;
}

export type Spot = Pick<CsvProblem, 'line' | 'column' | 'length'>;

export interface CsvRows {
  readonly rows: readonly CsvRow[];
  readonly problems: readonly CsvProblem[];
}

export function rowsOf(text: string): CsvRows {
  const { rows: lines, problems: found } = cellsOf(text);
  const problems = [...found];
  const report = ({ line, column, length }: Spot, message: string, hint: string) => {
    problems.push({ severity: 'error', message, hint, line, column, length });
  };
  const [header, ...body] = lines;
  if (header === undefined && text.trim() !== '') {
    // The reference takes it for a CSV without rows, too.
    problems.push({ severity: 'warning', message: 'there is nothing but comments in it', line: 1, column: 1 });
    return { rows: [], problems };
  }
  const positions = header === undefined ? 'there is nothing in it' : positionsIn(header);
  if (header === undefined || typeof positions === 'string') {
    const message = typeof positions === 'string' ? positions : '';
    report(header?.[0] ?? { line: 1, column: 1 }, message, 'the first line is "key,type,encoding,value"');
    return { rows: [], problems };
  }

  const rows: CsvRow[] = [];
  let untilEnd = false;
  for (const cells of body) {
    const end = endOf(cells);
    if (untilEnd) {
      // Of a text that goes on over its lines one mistake is told, not one for each line.
      untilEnd = !cells.some(({ text: cell }) => cell.startsWith('-----END '));
      continue;
    }
    const open = cells.find(({ text: cell }) => /^'?-----BEGIN /.test(cell) && !cell.includes('-----END '));
    if (open !== undefined && open.text.split('\n').length === 1) {
      const key = cells[positions.key]?.text ?? '';
      const message = `the value of ${JSON.stringify(key)} goes on over several lines and has no quotes`;
      report(open, message, 'put all of it in double quotes: "-----BEGIN … -----END …-----"');
      untilEnd = true;
      continue;
    }
    const extra = cells.slice(header.length).find((cell) => cell.text !== '');
    if (extra) {
      const message = `the row has ${cells.length} cells, the first line ${header.length}`;
      report(extra, message, 'a value with a comma goes in double quotes');
      continue;
    }
    const { key, encoding, value } = Object.fromEntries(columns.map((column) => [column, cells[positions[column]]]));
    const typeCell = cells[positions.type];
    const type = rowTypes.find((one) => one === typeCell?.text);
    if (type === undefined) {
      const message = typeCell
        ? `${JSON.stringify(typeCell.text)}${codePointsOf(typeCell.text)} is not a type`
        : 'the row has no type';
      report(typeCell ?? end, message, `write exactly ${rowTypes.map((one) => `"${one}"`).join(', ')}`);
      continue;
    }
    rows.push({ type, end, key, encoding, value });
  }
  return { rows, problems };
}

function endOf(cells: readonly Cell[]): Spot {
  const last = cells.at(-1);
  return last ? { line: last.line, column: last.column + last.length } : { line: 1, column: 1 };
}

/** Which cell of a row is which, or what is wrong with the first line. */
function positionsIn(header: readonly Cell[]): Record<Column, number> | string {
  const names = header.map((cell) => cell.text);
  const separator = wrongSeparator(names.join(','));
  if (separator) return separator.message;
  const isSpaced = names.some((name) => name !== name.trim());
  if (isSpaced && columns.every((column) => names.some((name) => name.trim() === column))) {
    return 'the names of the columns have spaces around them';
  }
  const position = { key: 0, type: 0, encoding: 0, value: 0 };
  for (const column of columns) {
    position[column] = names.indexOf(column);
    if (position[column] < 0) return `the first line has no column ${JSON.stringify(column)}`;
    if (position[column] !== names.lastIndexOf(column)) return `the column ${JSON.stringify(column)} is there twice`;
  }
  return position;
}
