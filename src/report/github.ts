import type { Severity } from '../core/diagnostic.ts';
import { shownPath } from './build-report.ts';
import type { Reporter } from './reporter.ts';
import { visible } from './visible.ts';

const command: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/** GitHub's workflow commands: each diagnostic becomes an annotation on its line. */
export const github: Reporter = ({ diagnostics, cwd }, { verbosity }, { stdout }) => {
  for (const { severity, code, message, place, hint } of visible(diagnostics, verbosity)) {
    const properties = [
      ...(place ? [`file=${property(shownPath(place.file, cwd))}`] : []),
      ...(place?.line !== undefined ? [`line=${place.line}`] : []),
      ...(place?.column !== undefined ? [`col=${place.column}`] : []),
      `title=${property(`at-pki: ${code}`)}`,
    ];
    const text = hint ? `${message}\n${hint}` : message;
    stdout.write(`::${command[severity]} ${properties.join(',')}::${data(text)}\n`);
  }
};

// What the runner's command parser takes as its own: https://github.com/actions/toolkit (core, command.ts).
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
