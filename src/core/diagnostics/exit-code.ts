import { blameOf } from './codes.ts';
import { type Diagnostic, isError } from './diagnostic.ts';

/** What a shell has of a program that Ctrl-C ended. */
export const interruptedCode = 130;

/**
 * The exit code that a run's diagnostics call for: 0 done, 1 problems found, 2 wrong use or config, 3 device or port,
 * 130 interrupted.
 */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): 0 | 1 | 2 | 3 | typeof interruptedCode {
  const blames = new Set(diagnostics.filter(isError).map((found) => blameOf(found.code)));
  if (blames.has('interruption')) return interruptedCode;
  if (blames.has('usage')) return 2;
  if (blames.has('device')) return 3;
  return blames.has('problem') ? 1 : 0;
}
