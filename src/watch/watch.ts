import type { BuildOptions, SoFar } from '../build.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { buildWithHooks, type HookOptions } from '../hooks/build.ts';
import type { BuildResult } from '../report/result.ts';
import { drive } from './drive.ts';
import { differences, type Fingerprint, fingerprintOf } from './fingerprint.ts';
import { foldersOf } from './folders.ts';
import { type Inputs, inputsOf, noInputs, sourceFiles } from './inputs.ts';
import { watchFolders } from './watcher.ts';

/** A build and what led to it. */
export interface WatchRun {
  readonly result: BuildResult;
  /** Files that are not as they were in the run before, absolute; none in the first run. */
  readonly changed: readonly string[];
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
  readonly onRun: (run: WatchRun) => void;
}

/** What a run saw. */
interface Seen {
  readonly settings: Fingerprint;
  readonly sources: Fingerprint;
}

/** File systems note times in ticks of up to 10 ms. */
const tick = 20;

/** What is there after a build that did not know of it before; what may have changed meanwhile equals nothing. */
function lateFingerprint(paths: readonly string[], since: number): Fingerprint {
  const traces = [...fingerprintOf(paths)];
  return new Map(
    traces.map(([path, trace]) => [path, trace.time < since - tick ? trace : { ...trace, content: 'unknown' }]),
  );
}

const changedFiles = (before: Seen, now: Seen): string[] => [
  ...new Set([
    ...differences(before.settings, now.settings, 'content'),
    ...differences(before.sources, now.sources, 'content'),
  ]),
];

/** Builds, and again whenever something that the build depends on changes, until the signal aborts. */
export async function watchProject({ build, hooks, poll, signal, onRun }: WatchOptions): Promise<void> {
  let inputs: Inputs = noInputs(build.cwd);
  let seen: Seen = { settings: new Map(), sources: new Map() };
  let isFirst = true;
  let failure: unknown;
  const follow = async (): Promise<number> => {
    const files = await sourceFiles(inputs);
    const { settings, sources } = inputs;
    const folders = foldersOf({ paths: [...settings, ...files], sources, root: inputs.root });
    await watcher.follow(folders);
    return folders.size;
  };
  const run = async (): Promise<void> => {
    const startedAt = Date.now();
    const settings = fingerprintOf(inputs.settings);
    let read: Inputs | undefined;
    let sources: Fingerprint | undefined;
    const beforeRead = async (sofar: SoFar): Promise<Diagnostic[]> => {
      read = inputsOf(build, sofar, inputs);
      sources = fingerprintOf(await sourceFiles(read));
      return [];
    };
    const result = await buildWithHooks({ ...build, beforeRead }, { ...hooks, interruption: () => signal }, 'watch');
    const known = inputs.settings;
    inputs = read ?? inputsOf(build, result, inputs);
    const isKnown = known.join('\0') === inputs.settings.join('\0');
    const now = {
      settings: isKnown ? settings : lateFingerprint(inputs.settings, startedAt),
      sources: sources ?? seen.sources,
    };
    const changed = isFirst ? [] : changedFiles(seen, now);
    seen = now;
    const folders = await follow();
    onRun({ result, changed, isFirst, folders });
    isFirst = false;
  };
  const look = async (): Promise<boolean> => {
    await follow();
    const sources = fingerprintOf(await sourceFiles(inputs));
    // A hook before the build may write settings anew each time.
    const settings = fingerprintOf(inputs.settings);
    return (
      differences(seen.sources, sources, 'writing').length + differences(seen.settings, settings, 'content').length > 0
    );
  };
  const watcher = await watchFolders({
    poll,
    isOutput: (path) => inputs.outputs.has(path),
    touched: () => machine.touched(),
    failed: (error) => {
      failure ??= error;
      machine.stop();
    },
  });
  const machine = drive({
    run,
    look,
    timer: (milliseconds, done) => {
      const timer = setTimeout(done, milliseconds);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
    abort: () => {},
  });
  const stop = (): void => machine.stop();
  signal.addEventListener('abort', stop);
  try {
    await machine.ended;
  } finally {
    signal.removeEventListener('abort', stop);
    await watcher.close();
  }
  if (failure !== undefined) throw failure;
}
