import { cellsOf } from '../../core/csv.ts';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';

/**
 * A CSV of raw_data as Python's csv module reads it, which esp-at's own build uses: quoted fields may hold commas, line
 * breaks and doubled quotes. Blank lines are dropped. A quote that is never closed swallows all rows behind it, so that
 * parameters or services would be missing from the image: it is an error.
 */
export function readRows(text: string, file: string, problems: Problems): string[][] {
  const { rows, problems: mistakes } = cellsOf(text.replace(/^\uFEFF/, ''), { comments: false });
  for (const { severity, message, hint, line, column } of mistakes) {
    const details = { severity, place: { file, line, column }, hint };
    problems.add(diagnostic('checkout-file', message, details));
  }
  return rows.map((row) => row.map((cell) => cell.text));
}
