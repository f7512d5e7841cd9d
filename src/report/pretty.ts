import { hex } from '../core/bytes.ts';
import { codes } from '../core/codes.ts';
import { isError } from '../core/diagnostic.ts';
import { count, grouped, sizeText } from '../core/text.ts';
import { shownPath } from './build-report.ts';
import { type Paint, painter } from './paint.ts';
import { prettyDiagnostic } from './pretty-diagnostic.ts';
import type { Reporter } from './reporter.ts';
import type { BuildResult, PartitionResult, Status } from './result.ts';

/** For people: diagnostics on stderr, then a table of the partitions on stdout. */
export const pretty: Reporter = (result, { color, verbosity }, { stdout, stderr }) => {
  const paint = painter(color);
  for (const one of result.diagnostics) {
    const background = 'background' in codes[one.code];
    if (one.severity === 'info' && (verbosity === 'quiet' || (background && verbosity !== 'verbose'))) continue;
    stderr.write(prettyDiagnostic(one, result.cwd, paint));
  }
  if (verbosity === 'quiet') return;
  if (result.partitions.length > 0) stdout.write(`${partitionTable(result, paint).join('\n')}\n`);
  (result.diagnostics.some(isError) ? stderr : stdout).write(`${summary(result, paint)}\n`);
};

const statusPaint: Record<Status, Parameters<Paint>[0]> = {
  built: 'green',
  unchanged: 'dim',
  stale: 'yellow',
  planned: 'cyan',
  failed: 'red',
  skipped: 'dim',
};

function partitionTable({ partitions, table }: BuildResult, paint: Paint): string[] {
  const rows = partitions.map((one) => [
    one.name,
    one.offset === undefined ? '' : hex(one.offset),
    sizeText(one.size),
    one.used === undefined ? '' : `${bar(one)} ${grouped(one.used).padStart(7)} ${percent(one).padStart(4)}`,
    one.status,
    one.reason ?? '',
  ]);
  if (table) {
    rows.push([
      'at_customize',
      table.offset === undefined ? '' : hex(table.offset),
      '4K',
      '',
      table.status,
      'partition table',
    ]);
  }
  const heads = ['partition', 'offset', 'size', 'used', 'status', ''];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const rightAligned = [1, 2];
  const line = (cells: readonly string[], color: (cell: string, column: number) => string): string => {
    const padded = cells.map((cell, column) =>
      color(
        rightAligned.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        column,
      ),
    );
    return `  ${padded.join('  ')}`.trimEnd();
  };
  return [
    line(heads, (cell) => paint('dim', cell)),
    ...rows.map((row) => {
      const status = row[4] as Status;
      return line(row, (cell, column) =>
        column === 4 ? paint(statusPaint[status], cell) : column === 5 ? paint('dim', cell) : cell,
      );
    }),
  ];
}

const share = ({ used = 0, size }: PartitionResult): number => (size === 0 ? 1 : used / size);

const percent = (one: PartitionResult): string => `${Math.round(share(one) * 100)}%`;

/** Ten cells; a partition that holds anything shows at least one. */
function bar(one: PartitionResult): string {
  const cells = 10;
  const full = Math.min(cells, Math.max(one.used ? 1 : 0, Math.round(share(one) * cells)));
  return '█'.repeat(full) + '░'.repeat(cells - full);
}

function summary(result: BuildResult, paint: Paint): string {
  const errors = result.diagnostics.filter(isError).length;
  const warnings = result.diagnostics.filter(({ severity }) => severity === 'warning').length;
  const problems = [errors && count(errors, 'error'), warnings && count(warnings, 'warning')]
    .filter(Boolean)
    .join(', ');
  const statuses: readonly Status[] = ['built', 'unchanged', 'stale', 'planned', 'failed', 'skipped'];
  const made = statuses
    .map((status) => [status, result.partitions.filter((one) => one.status === status).length] as const)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${number} ${status}`)
    .join(', ');
  const where = result.module ?? (result.config && shownPath(result.config, result.cwd));
  const parts = [where, made, problems].filter((part): part is string => Boolean(part));
  const mark = errors > 0 ? paint('red', '✗') : paint('green', '✓');
  return `${mark} ${parts.join(' · ')} ${paint('dim', `(${result.durationMs} ms)`)}`;
}
