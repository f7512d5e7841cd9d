import { basename } from 'node:path';
import { type Diagnostic, isError } from '../core/diagnostic.ts';
import { count, listed, printable } from '../core/text.ts';
import { grouped } from './alike.ts';
import { shownPath } from './build-report.ts';
import { type Paint, painter } from './paint.ts';
import { partitionTable } from './partition-table.ts';
import { prettyDiagnostic } from './pretty-diagnostic.ts';
import type { Reporter } from './reporter.ts';
import type { BuildResult, Status } from './result.ts';
import { visible } from './visible.ts';

/** For people: diagnostics on stderr, then a table of the partitions on stdout. */
export const pretty: Reporter = (result, style, streams) => {
  const { color, verbosity, width } = style;
  const { stdout, stderr } = streams;
  prettyDiagnostics(result, style, streams);
  if (verbosity === 'quiet') return;
  const paint = painter(color);
  if (result.partitions.length > 0) stdout.write(`${partitionTable(result, width, paint).join('\n')}\n`);
  (result.diagnostics.some(isError) ? stderr : stdout).write(`${summary(result, paint)}\n`);
};

/** What there is to say, without the table. */
export const prettyDiagnostics: Reporter = (result, { color, verbosity }, { stderr }) => {
  const paint = painter(color);
  const rows = new Set(result.partitions.map(({ name }) => name));
  const wanted = visible(result.diagnostics, verbosity).filter(
    // The row of a skipped partition says why.
    (one) => one.code !== 'partition-skipped' || verbosity === 'verbose' || !rows.has(one.partition ?? ''),
  );
  const groups = verbosity === 'verbose' ? wanted.map((first) => ({ first, others: [] })) : grouped(wanted);
  for (const { first, others } of groups) {
    stderr.write(prettyDiagnostic(first, result.cwd, paint));
    if (others.length > 0)
      stderr.write(`  ${paint('dim', `the same of ${othersText(others)}; --verbose shows each`)}\n`);
  }
};

const othersText = (others: readonly Diagnostic[]): string =>
  listed(
    [...new Set(others.map(({ place, partition }) => (place ? basename(place.file) : (partition ?? ''))))].map(
      printable,
    ),
  );

const statuses: readonly Status[] = ['built', 'unchanged', 'stale', 'planned', 'failed', 'skipped'];

/** `✓ module_esp32_default · 2 built, 7 unchanged · 1 warning (12 ms)` */
function summary(result: BuildResult, paint: Paint): string {
  const errors = result.diagnostics.filter(isError).length;
  const warnings = result.diagnostics.filter(({ severity }) => severity === 'warning').length;
  const problems = [errors && count(errors, 'error'), warnings && count(warnings, 'warning')].filter(Boolean);
  const made = statuses
    .map((status) => [status, result.partitions.filter((one) => one.status === status).length] as const)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${number} ${status}`);
  const where = result.module ?? (result.config && shownPath(result.config, result.cwd));
  const parts = [printable(where ?? ''), made.join(', '), problems.join(', ')].filter((part) => part !== '');
  const mark = errors > 0 ? paint('red', '✗') : paint('green', '✓');
  return `${mark} ${parts.join(' · ')} ${paint('dim', `(${result.durationMs} ms)`)}`;
}
