import { toReport } from './build-report.ts';
import type { Reporter } from './reporter.ts';

/** One JSON document on stdout, nothing else. */
export const json: Reporter = (result, _style, { stdout }) => {
  stdout.write(`${JSON.stringify(toReport(result), undefined, 2)}\n`);
};
