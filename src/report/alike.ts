import type { Code } from '../core/diagnostics/codes.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';

/** A diagnostic, and those that say the same of other files. */
export interface Alike {
  readonly first: Diagnostic;
  readonly others: readonly Diagnostic[];
}

const few = 3;

/** Errors of the board as a whole, said for each partition. */
const ofBoard: readonly Code[] = ['device-table', 'device-table-missing'];

/**
 * Diagnostics of one code with one remedy and no line to show become one, where there are more than a few: a checkout as
 * it was cloned has a dozen test certificates, and saying so a dozen times would hide the one message that matters.
 * Errors stay one by one, but for those of a board with another firmware.
 */
export function grouped(diagnostics: readonly Diagnostic[]): Alike[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const one of diagnostics) {
    const key = keyOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const shown = new Set<string>();
  return diagnostics.flatMap((found): Alike[] => {
    const key = keyOf(found);
    const group = groups.get(key) ?? [found];
    if (staysAlone(found) || group.length <= few) return [{ first: found, others: [] }];
    if (shown.has(key)) return [];
    shown.add(key);
    return [{ first: found, others: group.slice(1) }];
  });
}

const staysAlone = ({ code, severity, place }: Diagnostic): boolean =>
  !ofBoard.some((known) => known === code) && (severity === 'error' || place?.line !== undefined);

const keyOf = ({ code, severity, hint = '' }: Diagnostic): string => `${code}\n${severity}\n${hint}`;
