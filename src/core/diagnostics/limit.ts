import { count } from '../text.ts';
import { type Diagnostic, diagnostic } from './diagnostic.ts';

/** Findings of one kind in one file: more of them tell a reader nothing new. */
const most = 100;

/**
 * The first hundred findings of each code in each file, and for all beyond them one that counts them: a table of
 * 100,000 bad rows would fill every screen and log. For the end of a command: twice, it would count what it counted.
 * In their order; one that counts stands behind the last of its kind.
 */
export function limited(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= most) return diagnostics;
  const counts = new Map<string, number>();
  const lasts = new Map<Diagnostic, string>();
  const kept = diagnostics.filter((found) => {
    const kind = `${found.code} ${found.severity} ${found.place?.file ?? ''}`;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    if (number === most) lasts.set(found, kind);
    return number <= most;
  });
  return kept.flatMap((one) => {
    const rest = (counts.get(lasts.get(one) ?? '') ?? 0) - most;
    return rest > 0 ? [one, theRest(one, rest)] : [one];
  });
}

function theRest({ code, severity, place }: Diagnostic, rest: number): Diagnostic {
  const message = `${count(rest, 'more finding')} of this kind ${place ? 'in this file ' : ''}left out`;
  const details = { place: place ? { file: place.file } : undefined };
  return diagnostic({ code, severity }, message, { ...details, hint: 'fix those above and run again' });
}
