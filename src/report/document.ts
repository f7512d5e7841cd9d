import { type Diagnostic, isError } from '../core/diagnostic.ts';
import { limited } from '../core/diagnostic-limit.ts';
import { printable } from '../core/text.ts';
import { diagnosticReport } from './build-report.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Choice } from './index.ts';
import { painter } from './paint.ts';
import { prettyDiagnostic } from './pretty-diagnostic.ts';
import type { Streams } from './reporter.ts';
import { visible } from './visible.ts';

/** What a command other than `build` has to show: fields for --json, lines for people. */
export interface Document {
  readonly command: string;
  readonly cwd: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Prints it and gives the exit code that its diagnostics call for. */
export function present(
  { command, cwd, fields, lines, diagnostics: all }: Document,
  choice: Choice,
  streams: Streams,
): number {
  const diagnostics = limited(all);
  if (choice.reporter === 'json') {
    const ok = !diagnostics.some(isError);
    const shown = diagnostics.map((one) => diagnosticReport(one, cwd));
    streams.stdout.write(
      `${JSON.stringify({ version: 1, ok, command, ...fields, diagnostics: shown }, undefined, 2)}\n`,
    );
  } else {
    const paint = painter(choice.color);
    for (const one of visible(diagnostics, choice.verbosity)) streams.stderr.write(prettyDiagnostic(one, cwd, paint));
    if (choice.verbosity !== 'quiet') for (const line of lines) streams.stdout.write(`${printable(line)}\n`);
  }
  return exitCodeOf(diagnostics);
}
