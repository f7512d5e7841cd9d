import { codes } from '../core/codes.ts';
import { type Diagnostic, isError } from '../core/diagnostic.ts';

/** The exit code that a run's diagnostics call for: 0 done, 1 problems found, 2 wrong use or config, 3 device or port. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): 0 | 1 | 2 | 3 {
  const blames = new Set(diagnostics.filter(isError).map((one) => codes[one.code].blame));
  if (blames.has('usage')) return 2;
  if (blames.has('device')) return 3;
  return blames.has('problem') ? 1 : 0;
}
