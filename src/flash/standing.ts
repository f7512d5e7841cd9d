import type { Diagnostic } from '../core/diagnostic.ts';
import { listed, printable } from '../core/text.ts';
import type { Outcome } from './put-images.ts';

/**
 * What broke off a flash, with how the device stands now: that is the first question of whoever reads it.
 *
 * @param diagnostics what the session with the device ended in
 */
export function withStanding(diagnostics: readonly Diagnostic[], outcome: Outcome): Diagnostic[] {
  return diagnostics.map((one) => {
    if (one.severity !== 'error') return one;
    if (!outcome.begun) return { ...one, message: `${one.message}; nothing was written` };
    const left = [...outcome.flashed].filter(([, { status }]) => status === 'failed').map(([name]) => name);
    const standing = `${listed(left.map(printable))} ${left.length === 1 ? 'is' : 'are'} not finished`;
    const backup = outcome.backup === undefined ? '' : `; what was there is in ${printable(outcome.backup)}`;
    const hint = one.hint ?? 'run it again: it goes on with what is missing';
    return { ...one, message: `${one.message}; ${standing}`, hint: `${hint}${backup}` };
  });
}
