import { type Diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { exitCodeOf } from '../core/diagnostics/exit-code.ts';
import { limited } from '../core/diagnostics/limit.ts';
import { masked, writeJson, writeLines } from '../core/door.ts';
import { diagnosticReport } from '../pipeline/build-report.ts';
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
  /** Fields and lines show the keys that the user asked to see. */
  readonly reveal?: boolean;
}

/** Prints it and gives the exit code that its diagnostics call for. */
export function present(
  { command, cwd, fields, lines, diagnostics: all, reveal = false }: Document,
  choice: Choice,
  streams: Streams,
): number {
  const diagnostics = limited(all);
  if (choice.reporter === 'json') {
    const ok = !diagnostics.some(isError);
    const shown = diagnostics.map((one) => diagnosticReport(one, cwd));
    writeJson(streams.stdout, { version: 1, ok, command, ...fields, diagnostics: masked(shown) }, { reveal });
  } else {
    const paint = painter(choice.color);
    for (const one of visible(diagnostics, choice.verbosity))
      writeLines(streams.stderr, prettyDiagnostic(one, cwd, paint), choice);
    if (choice.verbosity !== 'quiet') writeLines(streams.stdout, lines, { reveal });
  }
  return exitCodeOf(diagnostics);
}
