import { writeLines } from '../core/door.ts';
import { painter } from './paint.ts';
import { prettyDiagnostic } from './pretty-diagnostic.ts';
import type { Reporter } from './reporter.ts';
import { visible } from './visible.ts';

/** For people: diagnostics on stderr, then the result on stdout. */
export const prettyDocument: Reporter = async (document, style, streams) => {
  if (document.pretty) return document.pretty(style, streams);
  const { cwd, lines, diagnostics, reveal } = document;
  const paint = painter(style.color);
  for (const diagnostic of visible(diagnostics, style.verbosity)) {
    writeLines(streams.stderr, prettyDiagnostic(diagnostic, cwd, paint), style);
  }
  if (style.verbosity !== 'quiet') writeLines(streams.stdout, lines, { reveal });
};
