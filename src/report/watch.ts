import { basename } from 'node:path';
import { isError } from '../core/diagnostic.ts';
import { count, listed } from '../core/text.ts';
import type { WatchRun } from '../watch/watch.ts';
import { shownPath, toReport } from './build-report.ts';
import type { Choice } from './index.ts';
import { pretty } from './pretty.ts';
import type { Streams } from './reporter.ts';

/** Prints each run of a watch. */
export function watchReporter(choice: Choice, streams: Streams): (run: WatchRun) => void {
  return ({ result, changed, isFirst, folders }) => {
    const { cwd } = result;
    const names = changed.map((path) => shownPath(path, cwd));
    if (choice.reporter === 'json') {
      streams.stdout.write(`${JSON.stringify({ event: 'run', changed: names, folders, ...toReport(result) })}\n`);
      return;
    }
    if (isFirst) {
      pretty(result, choice, streams);
      streams.stderr.write(`watching ${count(folders, 'folder')}; Ctrl-C ends\n`);
      return;
    }
    const built = result.partitions.filter(({ status }) => status === 'built').map(({ file }) => basename(file));
    const errors = result.diagnostics.filter(isError).length;
    streams.stdout.write(
      `${listed(names)}: ${built.length ? `${listed(built)} built` : 'no image changed'}, ${errors}\n`,
    );
  };
}
