import { writeJson } from '../core/door.ts';
import { toReport } from '../pipeline/build-report.ts';
import type { Reporter } from './reporter.ts';

/** One JSON document on stdout, nothing else. */
export const json: Reporter = (result, _style, { stdout }) => {
  writeJson(stdout, toReport(result));
};
