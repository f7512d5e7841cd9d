import { codeInfo } from '../core/diagnostics/codes.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Style } from './reporter.ts';

/** The diagnostics that a person wants to see: notes unless --quiet, background notes only with --verbose. */
export function visible(diagnostics: readonly Diagnostic[], verbosity: Style['verbosity']): Diagnostic[] {
  return diagnostics.filter(({ code, severity }) => {
    if (severity !== 'info') return true;
    return verbosity === 'verbose' || (verbosity === 'normal' && !codeInfo(code)?.background);
  });
}
