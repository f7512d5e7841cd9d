import { isError } from '../core/diagnostics/diagnostic.ts';
import { masked, writeJson } from '../core/door.ts';
import { diagnosticReport } from '../pipeline/build-report.ts';
import type { Reporter } from './reporter.ts';

/** One JSON document on stdout, nothing else. */
export const json: Reporter = ({ command, cwd, fields, diagnostics, reveal }, _style, { stdout }) => {
  const ok = !diagnostics.some(isError);
  const shown = diagnostics.map((diagnostic) => diagnosticReport(diagnostic, cwd));
  writeJson(stdout, { version: 1, ok, command, ...fields, diagnostics: masked(shown) }, { reveal });
};
