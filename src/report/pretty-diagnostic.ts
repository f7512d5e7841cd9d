import type { Diagnostic, Severity } from '../core/diagnostic.ts';
import { excerpt } from '../core/excerpt.ts';
import { shownPath } from './build-report.ts';
import type { Paint } from './paint.ts';

const paints: Record<Severity, Parameters<Paint>[0]> = { error: 'red', warning: 'yellow', info: 'cyan' };
const words: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * A diagnostic as a good compiler prints it:
 *
 *     error[config-property]: there is no property "ofset"
 *       --> pki.config.json:12:7
 *       12 │     "ofset": "0x2e000",
 *          │     ~~~~~~~
 *       did you mean "offset"?
 */
export function prettyDiagnostic(
  { severity, code, message, place, hint }: Diagnostic,
  cwd: string,
  paint: Paint,
): string {
  const lines = [`${paint(['bold', paints[severity]].flat() as never, `${words[severity]}[${code}]`)}: ${message}`];
  if (place) {
    const position = [place.line, place.column].filter((number) => number !== undefined).map((number) => `:${number}`);
    lines.push(`  ${paint('dim', '-->')} ${shownPath(place.file, cwd)}${position.join('')}`);
    lines.push(...excerpt(place).map((line) => paint('dim', `  ${line}`)));
  }
  if (hint) lines.push(`  ${paint('cyan', '→')} ${hint}`);
  return `${lines.join('\n')}\n`;
}
