import { writeLines } from '../../src/core/door.ts';
import type { Reporter } from '../../src/report/reporter.ts';

/** A reporter that a test registers: one line with the command, its fields and its codes. */
export const madeUpReporter: Reporter = ({ command, fields, diagnostics }, _style, { stdout }) =>
  writeLines(stdout, [
    `made up: ${command} (${Object.keys(fields).join(' ')}) ${diagnostics.map(({ code }) => code).join(' ')}`,
  ]);
