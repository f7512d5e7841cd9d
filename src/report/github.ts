import { endColumnOf, type Place } from '../core/diagnostics/diagnostic.ts';
import type { Severity } from '../core/diagnostics/level.ts';
import { writeCommand } from '../core/door.ts';
import { shownPath } from '../pipeline/build-report.ts';
import type { Document, Streams, Style } from './reporter.ts';
import { visible } from './visible.ts';

const command: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/** GitHub's workflow commands: each diagnostic becomes an annotation on its line. */
export function github(
  { diagnostics, cwd }: Pick<Document, 'diagnostics' | 'cwd'>,
  { verbosity }: Style,
  { stdout }: Streams,
): void {
  for (const { severity, code, message, lines = [], place, hint, related = [] } of visible(diagnostics, verbosity)) {
    const properties = {
      file: place ? shownPath(place.file, cwd) : undefined,
      line: place?.line,
      col: place?.column,
      endColumn: place && endColumnOf(place),
      title: `at-pki: ${code}`,
    };
    const others = related.map((other) => `${other.message}: ${positionOf(other.place, cwd)}`);
    writeCommand(stdout, command[severity], properties, [message, ...lines, ...others, ...(hint ? [hint] : [])]);
  }
}

const positionOf = ({ file, line, column }: Place, cwd: string): string =>
  [shownPath(file, cwd), line, column].filter((part) => part !== undefined).join(':');
