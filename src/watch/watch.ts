import { type Clock, realClock } from '../core/clock.ts';
import { type Diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import type { BuildOptions } from '../pipeline/build.ts';
import { buildWithHooks, type HookOptions } from '../pipeline/hooks.ts';
import type { Build } from '../pipeline/result.ts';
import { runProgram } from '../sources/run-program.ts';
import type { Change } from './changes.ts';
import { observe } from './observer.ts';
import { remember } from './remember.ts';
import { startRunner } from './runner.ts';
import { watchFailed } from './watch-failed.ts';
import { watchFolders } from './watcher.ts';

/** A build and what led to it. */
export interface WatchRun {
  readonly result: Build;
  /** What is not as it was in the run before; nothing in the first run. */
  readonly changes: readonly Change[];
  readonly isFirst: boolean;
  /** How many folders are watched from now on. */
  readonly folders: number;
}

export interface WatchOptions {
  readonly build: BuildOptions & { readonly cwd: string };
  readonly hooks: HookOptions;
  readonly poll: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told of each build; the next begins when it has done. */
  readonly onRun: (run: WatchRun) => void | Promise<void>;
  /** Goes on from a build without errors, such as with a flash; gives the result with what is to be said of that. */
  readonly afterBuild?: (result: Build, signal: AbortSignal) => Promise<Build>;
  /** Default: that of the machine. */
  readonly clock?: Clock;
  /** Tests hand in their own. */
  readonly openWatcher?: typeof watchFolders;
}

const isInterruption = ({ code }: Diagnostic): boolean => code === 'interrupted';

/**
 * Builds, and again whenever something that the build depends on changes, until the signal aborts, or the system does
 * not let it watch any more: then there is something to tell.
 */
export async function watchProject(options: WatchOptions): Promise<Diagnostic[]> {
  const { build, hooks, poll, signal, onRun, afterBuild, clock = realClock, openWatcher = watchFolders } = options;
  const ending = new AbortController();
  const observer = observe(build);
  const memory = remember(build.askPassword, runProgram);
  let isFirst = true;
  const failures: Diagnostic[] = [];

  const run = async (): Promise<void> => {
    const observation = observer.begin();
    if (observation.isOtherProject) memory.forgetPrograms();
    const beforeRead = async (sofar: Parameters<typeof observation.reading>[0]) => {
      await observation.reading(sofar);
      return [];
    };
    const interruption = () => ending.signal;
    const steps = { ...build, ...memory, clock, beforeRead, interruption };
    const built = await buildWithHooks(steps, { ...hooks, interruption }, 'watch');
    const isReady = !built.diagnostics.some(isError) && !ending.signal.aborted;
    const result = isReady && afterBuild ? await afterBuild(built, ending.signal) : built;
    // Whatever a build that was cut short has to say is because of that.
    if (ending.signal.aborted && !result.diagnostics.some(isInterruption)) return;
    const changes = await observation.end(result);
    if (result.diagnostics.some(({ code }) => code === 'not-normalized')) memory.forgetPasswords();
    const folders = await observer.folders();
    await watcher.follow(folders);
    await onRun({ result, changes, isFirst, folders: folders.size });
    isFirst = false;
  };
  const look = async (): Promise<boolean> => {
    await watcher.follow(await observer.folders());
    return observer.isStale();
  };

  const watcher = await openWatcher({
    poll,
    isOutput: observer.isOutput,
    touched: () => machine.touched(),
    failed: (error) => {
      // Every folder has the same trouble.
      if (failures.length === 0) failures.push(watchFailed(error));
      machine.stop();
    },
  });
  const machine = startRunner({
    run,
    look,
    clock,
    abort: () => ending.abort(),
  });
  const stop = (): void => machine.stop();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await machine.ended;
  } finally {
    signal.removeEventListener('abort', stop);
    await watcher.close();
  }
  return failures;
}
