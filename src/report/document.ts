import { exitCodeOf } from '../core/diagnostics/exit-code.ts';
import { limited } from '../core/diagnostics/limit.ts';
import type { Choice } from './index.ts';
import type { Document, Streams } from './reporter.ts';
import { loadReporter } from './reporters.ts';

export type { Document } from './reporter.ts';

/** Prints the result of a command and returns the exit code that its diagnostics call for. */
export async function present(document: Document, choice: Choice, streams: Streams): Promise<number> {
  const diagnostics = limited(document.diagnostics);
  const print = await loadReporter(choice.reporter);
  await print({ ...document, diagnostics }, choice, streams);
  return exitCodeOf(diagnostics);
}
