import type { Severity } from '../core/diagnostics/level.ts';
import { writeCommand } from '../core/door.ts';
import { shownPath } from '../pipeline/build-report.ts';
import type { Reporter } from './reporter.ts';
import { visible } from './visible.ts';

const command: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/** GitHub's workflow commands: each diagnostic becomes an annotation on its line. */
export const github: Reporter = ({ diagnostics, cwd }, { verbosity }, { stdout }) => {
  for (const { severity, code, message, lines = [], place, hint } of visible(diagnostics, verbosity)) {
    const properties = {
      file: place ? shownPath(place.file, cwd) : undefined,
      line: place?.line,
      col: place?.column,
      title: `at-pki: ${code}`,
    };
    writeCommand(stdout, command[severity], properties, [message, ...lines, ...(hint ? [hint] : [])]);
  }
};
