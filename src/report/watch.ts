import { basename } from 'node:path';
import { type Diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { writeJson, writeLines } from '../core/door.ts';
import { count, listed, printable } from '../core/text.ts';
import { shownPath, toReport } from '../pipeline/build-report.ts';
import type { BuildResult } from '../pipeline/result.ts';
import type { Change } from '../watch/changes.ts';
import type { WatchRun } from '../watch/watch.ts';
import { type Choice, documentOf } from './index.ts';
import { type Paint, painter } from './paint.ts';
import { pretty, prettyDiagnostics } from './pretty.ts';
import type { Streams } from './reporter.ts';
import { loadReporter } from './reporters.ts';

/**
 * Prints each run of a watch: as JSON a line of its own, for people the whole table first and then what changed and
 * what that led to, by other reporters a document with what is new. `now` is the clock of those lines.
 */
export async function watchReporter(
  choice: Choice,
  streams: Streams,
  now: () => Date,
): Promise<(run: WatchRun) => Promise<void>> {
  const print = await loadReporter(choice.reporter);
  let before: BuildResult | undefined;
  return async (run) => {
    const said = before;
    before = run.result;
    if (said !== undefined && !isNews(run, said)) return;
    if (choice.reporter === 'json') writeJson(streams.stdout, document(run), { space: 0 });
    else if (choice.reporter !== 'pretty') {
      const diagnostics = said === undefined ? run.result.diagnostics : newOf(run.result, said);
      await print(documentOf({ ...run.result, diagnostics }), choice, streams);
    } else if (said === undefined) first(run, choice, streams);
    else later(run, said, choice, streams, now());
  };
}

/** Not, for example, a file that was only touched. */
const isNews = ({ changes, result }: WatchRun, before: BuildResult): boolean =>
  changes.length > 0 || outcomesOf(result).length > 0 || newOf(result, before).length > 0;

function document({ result, changes, folders }: WatchRun): object {
  const changed = changes.map(({ path, what }) => ({ file: shownPath(path, result.cwd), what }));
  return { ...toReport(result), changed, folders };
}

function first({ result, folders }: WatchRun, choice: Choice, streams: Streams): void {
  pretty(result, choice, streams);
  const goesOn = !result.diagnostics.some(({ code }) => code === 'interrupted');
  if (goesOn && choice.verbosity !== 'quiet')
    writeLines(streams.stderr, [`watching ${count(folders, 'folder')}; Ctrl-C ends`]);
}

/** `12:04:31 certs/device.key → client_key.bin built (9 ms)`, and below it what had not been said before. */
function later(run: WatchRun, before: BuildResult, choice: Choice, streams: Streams, time: Date): void {
  const { result, changes } = run;
  const paint = painter(choice.color);
  if (choice.verbosity !== 'quiet') {
    const clock = time.toTimeString().slice(0, 8);
    const what = changes.length === 0 ? '' : `${changedText(changes, result.cwd)} → `;
    const took = paint('dim', `(${result.durationMs} ms)`);
    const line = `${paint('dim', clock)} ${what}${outcomeText(result, before, paint)} ${took}`;
    writeLines(streams.stdout, [line], choice);
  }
  prettyDiagnostics({ ...result, diagnostics: newOf(result, before) }, choice, streams);
}

const changedText = (changes: readonly Change[], cwd: string): string =>
  listed(
    changes.map(({ path, what }) => `${printable(shownPath(path, cwd))}${what === 'changed' ? '' : ` (${what})`}`),
  );

function outcomeText(result: BuildResult, before: BuildResult, paint: Paint): string {
  const errors = result.diagnostics.filter(isError);
  const had = before.diagnostics.some(isError);
  const isSame = had && newOf({ ...result, diagnostics: errors }, before).length === 0;
  const outcomes = outcomesOf(result);
  const parts = [
    ...(errors.length > 0 ? [paint('red', `${isSame ? 'still ' : ''}${count(errors.length, 'error')}`)] : []),
    ...(errors.length === 0 && had ? ['in order again'] : []),
    outcomes.length > 0 ? paint('green', `${listed(outcomes)} built`) : 'no image changed',
    ...flashText(result).map((text) => paint('green', text)),
  ];
  return parts.join(', ');
}

/** `mqtt_key flashed (1 sector)`; nothing where the device was not asked. */
function flashText({ partitions, table, device }: BuildResult): string[] {
  if (device === undefined) return [];
  const rows = [...partitions, ...(table ? [{ ...table, name: 'at_customize' }] : [])];
  const written = rows.filter(({ flash }) => flash?.status === 'written');
  if (written.length === 0)
    return rows.some(({ flash }) => flash?.status === 'failed') ? [] : ['on the device already'];
  const sectors = written.reduce((sum, { flash }) => sum + (flash?.sectorsErased ?? 0), 0);
  return [`${listed(written.map(({ name }) => printable(name)))} flashed (${count(sectors, 'sector')})`];
}

/** The names of the files that were written: images and tables, and others only where no image was. */
function outcomesOf({ partitions, table, files }: BuildResult): string[] {
  const built = (all: readonly { readonly status: string; readonly file: string }[]): string[] =>
    all.filter(({ status }) => status === 'built').map(({ file }) => printable(basename(file)));
  const images = built([...partitions, ...(table ? [table] : [])]);
  return images.length > 0 ? images : built(files);
}

/** What is said now and was not said of the run before. */
function newOf({ diagnostics }: BuildResult, before: BuildResult): Diagnostic[] {
  const known = new Set(before.diagnostics.map(keyOf));
  return diagnostics.filter((found) => !known.has(keyOf(found)));
}

const keyOf = ({ code, severity, message, lines, place, partition, hint }: Diagnostic): string =>
  JSON.stringify([code, severity, message, lines, place?.file, place?.text, partition, hint]);
