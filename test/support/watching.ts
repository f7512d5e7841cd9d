import type { Diagnostic } from '../../src/core/diagnostics/diagnostic.ts';
import { type WatchOptions, type WatchRun, watchProject } from '../../src/watch/watch.ts';
import type { Cleanup } from './scratch.ts';
import { simulatedTime } from './simulated-time.ts';

export interface Watching {
  /** The runs so far. */
  readonly runs: readonly WatchRun[];
  /** Ends it, and waits for that. */
  end(): Promise<readonly Diagnostic[]>;
}

/**
 * Watches a project in this process until the test is over, on simulated time, chokidar included; resolves after the first
 * run. What the file system tells comes when it comes.
 */
export async function watching(
  t: Cleanup,
  cwd: string,
  poll = false,
  openWatcher?: WatchOptions['openWatcher'],
): Promise<Watching> {
  const controller = new AbortController();
  const runs: WatchRun[] = [];
  t.after(() => controller.abort());
  const ended = await new Promise<{ promise: Promise<readonly Diagnostic[]> }>((resolve, reject) => {
    const promise = watchProject({
      build: { cwd, env: {} },
      hooks: {},
      poll,
      clock: simulatedTime(t),
      ...(openWatcher && { openWatcher }),
      signal: controller.signal,
      onRun: (run) => {
        runs.push(run);
        resolve({ promise });
      },
    });
    promise.catch(reject);
  });
  return {
    runs,
    end() {
      controller.abort();
      return ended.promise;
    },
  };
}
