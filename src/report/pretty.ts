import { basename } from 'node:path';
import { blameOf } from '../core/diagnostics/codes.ts';
import { type Diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { writeLines } from '../core/door.ts';
import { count, listed, printable } from '../core/text.ts';
import { shownPath } from '../pipeline/build-report.ts';
import type { BuildResult, Status } from '../pipeline/result.ts';
import { grouped } from './alike.ts';
import { boardLine } from './board.ts';
import { type Paint, painter } from './paint.ts';
import { partitionTable } from './partition-table.ts';
import { prettyDiagnostic } from './pretty-diagnostic.ts';
import type { Streams, Style } from './reporter.ts';
import { visible } from './visible.ts';

type Print = (result: BuildResult, style: Style, streams: Streams) => void;

/** A build for people: diagnostics on stderr, then a table of the partitions on stdout. */
export const pretty: Print = (result, style, streams) => {
  const { color, verbosity, width } = style;
  const { stdout, stderr } = streams;
  prettyDiagnostics(result, style, streams);
  if (verbosity === 'quiet') return;
  const paint = painter(color);
  if (result.device) writeLines(stdout, [boardLine(result.device, paint)], style);
  if (result.partitions.length > 0 && !leftBoardAlone(result))
    writeLines(stdout, partitionTable(result, width, paint), style);
  writeLines(result.diagnostics.some(isError) ? stderr : stdout, [summary(result, paint)], style);
};

/** Where nothing came to a board, the images on the disk are not what was asked for, and why is all that matters. */
const leftBoardAlone = ({ partitions, diagnostics }: BuildResult): boolean =>
  diagnostics.some((found) => isError(found) && ['device', 'interruption'].includes(blameOf(found.code))) &&
  partitions.every(({ flash }) => flash === undefined);

/** What there is to say, without the table. */
export const prettyDiagnostics: Print = (result, { color, verbosity }, { stderr }) => {
  const paint = painter(color);
  const rows = new Set(result.partitions.map(({ name }) => name));
  const wanted = visible(result.diagnostics, verbosity).filter(
    // The row of a skipped partition says why.
    (one) => one.code !== 'partition-skipped' || verbosity === 'verbose' || !rows.has(one.partition ?? ''),
  );
  const groups = verbosity === 'verbose' ? wanted.map((first) => ({ first, others: [] })) : grouped(wanted);
  for (const { first, others } of groups) {
    const lines = prettyDiagnostic(first, result.cwd, paint);
    const alike = `  ${paint('dim', `the same of ${othersText(others)}; --verbose shows each`)}`;
    writeLines(stderr, others.length > 0 ? [...lines, alike] : lines, { color });
  }
};

const othersText = (others: readonly Diagnostic[]): string => listed([...new Set(others.map(whereOf))].map(printable));

/** A line of the config stands for a partition. */
const whereOf = ({ place, partition = '' }: Diagnostic): string =>
  place === undefined || (place.line !== undefined && partition !== '') ? partition : basename(place.file);

const statuses: readonly Status[] = ['built', 'unchanged', 'stale', 'planned', 'failed', 'skipped'];

/** `✓ module_esp32_default · 2 built, 7 unchanged · 1 warning (12 ms)` */
function summary(result: BuildResult, paint: Paint): string {
  const errors = result.diagnostics.filter(isError).length;
  const warnings = result.diagnostics.filter(({ severity }) => severity === 'warning').length;
  const problems = [errors && count(errors, 'error'), warnings && count(warnings, 'warning')].filter(Boolean);
  const made = statuses
    .map((status) => [status, result.partitions.filter((partition) => partition.status === status).length] as const)
    // What was built before a flash and what not is of no interest behind it.
    .filter(([status, number]) => number > 0 && !(status === 'unchanged' && result.device))
    .map(([status, number]) => `${number} ${status}`);
  const flashed = [...result.partitions, ...(result.table ? [result.table] : [])].flatMap(({ flash }) => flash ?? []);
  const written = flashed.filter(({ status }) => status === 'written').length;
  const same = flashed.filter(({ status }) => status === 'same').length;
  const onDevice = [written && `${written} flashed`, same && `${same} on the device already`].filter(Boolean);
  const backup = result.device?.backup && `what was there: ${printable(shownPath(result.device.backup, result.cwd))}`;
  const where = result.module ?? (result.config && shownPath(result.config, result.cwd));
  const facts = [printable(where ?? ''), made.join(', '), onDevice.join(', '), problems.join(', '), backup ?? ''];
  const parts = facts.filter((part) => part !== '');
  const mark = errors > 0 ? paint('red', '✗') : paint('green', '✓');
  return `${mark} ${parts.join(' · ')} ${paint('dim', `(${durationText(result.durationMs)})`)}`;
}

/** `12 ms`, `1.9 s`. */
const durationText = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
