import type { Judge } from '../checks/severity.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { listed, printable } from '../core/text.ts';
import type { Outcome } from './put-images.ts';

/**
 * Returns what was found during a flash. The errors that broke it off state how far the device is: that is the first
 * question of the user.
 *
 * @param ofSession what the session with the device ended in
 */
export function withStanding(ofSession: readonly Diagnostic[], outcome: Outcome, isError: Judge): Diagnostic[] {
  const found = outcome.diagnostics.map((found) => {
    // A note that severities make an error stops the flash, and tells of it as if it had gone on.
    if (found.severity === 'error' || outcome.begun || !isError(found)) return found;
    return { ...found, message: `${found.message}; nothing was written, since this is an error here` };
  });
  const ended = ofSession.map((one) => {
    if (!isError(one)) return one;
    if (!outcome.begun) return { ...one, message: `${one.message}; nothing was written` };
    const left = [...outcome.flashed].filter(([, { status }]) => status === 'failed').map(([name]) => name);
    const standing = `${listed(left.map(printable))} ${left.length === 1 ? 'is' : 'are'} not finished`;
    const backup = outcome.backup === undefined ? '' : `; what was there is in ${printable(outcome.backup)}`;
    const hint = one.hint ?? 'run it again: it goes on with what is missing';
    return { ...one, message: `${one.message}; ${standing}`, hint: `${hint}${backup}` };
  });
  return [...found, ...ended];
}
