import { toReport } from './build-report.ts';
import { writeJson } from './door.ts';
import type { Reporter } from './reporter.ts';

/** One JSON document on stdout, nothing else. */
export const json: Reporter = (result, _style, { stdout }) => {
  writeJson(stdout, toReport(result));
};
