import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { placeText } from '../core/range.ts';
import { listed } from '../core/text.ts';
import type { TableEntry } from '../partition-table/model.ts';
import type { CustomizedTable } from '../project/project.ts';

/**
 * Says plainly that the table of the device is about to be another one, and warns of partitions that get another place
 * without anything being written there.
 */
export function sayUpdate(
  there: readonly TableEntry[],
  table: CustomizedTable,
  flashed: readonly { readonly name: string }[],
): Diagnostic[] {
  const place = { file: table.csv };
  const old = new Map(there.map((row) => [row.name, row]));
  const moves = table.entries.flatMap((row) => {
    const before = old.get(row.name);
    return before && (before.offset !== row.offset || before.size !== row.size) ? [{ before, row }] : [];
  });
  const added = table.entries.filter(({ name }) => !old.has(name));
  const gone = there.filter(({ name }) => !table.entries.some((row) => row.name === name));
  const clauses = [
    ...moves.map(({ before, row }) => `${row.name} moves from ${placeText(before)} to ${placeText(row)}`),
    ...(added.length > 0 ? [`new: ${names(added)}`] : []),
    ...(gone.length > 0 ? [`gone: ${names(gone)}`] : []),
  ];
  const what = clauses.length === 0 ? '' : `: ${clauses.join('; ')}`;
  const message = `the table at_customize of the device is replaced by that of the plan${what}`;
  const said = diagnostic('device-table', message, { severity: 'info', place });
  const left = moves.map(({ row }) => row).filter(({ name }) => !flashed.some((one) => one.name === name));
  if (left.length === 0) return [said];
  const hint = 'what the device holds is not moved: flash the images of these partitions, too';
  const warning = `${names(left)}: moved in the table, but no image is written to the new place`;
  return [said, diagnostic('device-table', warning, { severity: 'warning', place, hint })];
}

const names = (rows: readonly TableEntry[]): string => listed(rows.map(({ name }) => name));
