import type { Diagnostic, Place } from '../core/diagnostics/diagnostic.ts';
import { excerpt } from '../core/diagnostics/excerpt.ts';
import type { Severity } from '../core/diagnostics/level.ts';
import { append } from '../core/lists.ts';
import { withoutSecrets } from '../core/mask.ts';
import { printable } from '../core/text.ts';
import { shownPath } from '../pipeline/build-report.ts';
import type { Color, Paint } from './paint.ts';

const paints: Record<Severity, Color> = { error: 'red', warning: 'yellow', info: 'cyan' };
const words: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * A diagnostic as a good compiler prints it, in lines:
 *
 *     error[config-property]: there is no property "ofset"
 *       --> pki.config.json:12:7
 *       12 │     "ofset": "0x2e000",
 *          │     ~~~~~~~
 *       = the first one: pki.config.json:8:7
 *       → did you mean "offset"?
 */
export function prettyDiagnostic(
  { severity, code, message, lines: further = [], place, hint, related = [] }: Diagnostic,
  cwd: string,
  paint: Paint,
): string[] {
  const lines = [
    `${paint(['bold', paints[severity]], `${words[severity]}[${code}]`)}: ${safe(message)}`,
    ...further.map(safe),
  ];
  if (place) {
    lines.push(`  ${paint('dim', '-->')} ${safe(positionOf(place, cwd))}`);
    append(
      lines,
      excerpt(place).map((line) => paint('dim', `  ${safe(line)}`)),
    );
  }
  for (const { message: what, place: other } of related) {
    lines.push(`  ${paint('dim', '=')} ${safe(what)}: ${safe(positionOf(other, cwd))}`);
  }
  if (hint) lines.push(`  ${paint('cyan', '→')} ${safe(hint)}`);
  return lines;
}

/** Of what a name holds nothing may take part in the colours, nor a key be hidden between them. */
const safe = (text: string): string => printable(withoutSecrets(text));

/** `pki.config.json:12:7`. */
const positionOf = ({ file, line, column }: Place, cwd: string): string =>
  [shorterPath(file, cwd), line, column].filter((part) => part !== undefined).join(':');

/** From the working folder, but not by a climb that is longer than the path itself. */
function shorterPath(file: string, cwd: string): string {
  const relative = shownPath(file, cwd);
  return relative.length <= file.length ? relative : file;
}
