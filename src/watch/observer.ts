import { lstatSync } from 'node:fs';
import { timeOfDay } from '../core/clock.ts';
import type { SoFar } from '../pipeline/build.ts';
import type { Build } from '../pipeline/result.ts';
import { type Change, changesBetween } from './changes.ts';
import { differences, type Fingerprint, fingerprintOf } from './fingerprint.ts';
import { type Folders, foldersOf } from './folders.ts';
import { type Inputs, inputsOf, noInputs, sourceFiles, type Wanted } from './inputs.ts';
import { trailOf } from './links.ts';

/** Knows what the last run saw of its inputs, and whether that is still so. */
export interface Observer {
  /** To be called when a run starts. */
  begin(): Observation;
  /** Whether any input is not as the last run saw it. */
  isStale(): Promise<boolean>;
  /** The folders in which inputs may change. */
  folders(): Promise<Folders>;
  /** Whether a file is one that the build writes. */
  isOutput(path: string): boolean;
}

/** What one run sees. */
export interface Observation {
  /** The config or another of the settings is not as in the run before. */
  readonly isOtherProject: boolean;
  /** To be called before the sources are read. */
  reading(sofar: SoFar): Promise<void>;
  /** To be called when the run is over; gives what changed since the run before, nothing in the first. */
  end(result: Build): Promise<Change[]>;
}

interface Seen {
  readonly settings: Fingerprint;
  readonly sources: Fingerprint;
  /** A setting that the run did not know of before may have been another then. */
  readonly isUnsure: boolean;
}

export function observe(wanted: Wanted): Observer {
  let inputs: Inputs = noInputs(wanted.cwd);
  let seen: Seen | undefined;
  return {
    begin() {
      const startedAt = timeOfDay();
      const { settings: known } = inputs;
      const settings = fingerprintOf(known);
      let read: { readonly inputs: Inputs; readonly sources: Fingerprint } | undefined;
      return {
        isOtherProject: seen !== undefined && differences(seen.settings, settings, 'content').length > 0,
        // Not before: a hook may just have made them.
        async reading(sofar) {
          const now = inputsOf(wanted, sofar, inputs);
          read = { inputs: now, sources: fingerprintOf(await sourceFiles(now)) };
        },
        async end(result) {
          inputs = read?.inputs ?? inputsOf(wanted, result, inputs);
          const isKnown = inputs.settings.join('\n') === known.join('\n');
          const before = seen;
          seen = {
            settings: isKnown ? settings : overlaid(fingerprintOf(inputs.settings), settings),
            // A build that stops before it reads them has nothing to do with how they are.
            sources: read?.sources ?? fingerprintOf(await sourceFiles(inputs)),
            isUnsure: !isKnown && inputs.settings.some(changedSince(startedAt)),
          };
          return before === undefined ? [] : changesBetween(merged(before), merged(seen));
        },
      };
    },
    async isStale() {
      if (seen === undefined || seen.isUnsure) return true;
      const now = { settings: fingerprintOf(inputs.settings), sources: fingerprintOf(await sourceFiles(inputs)) };
      return (
        // Not by writing: a hook before the build may write the same again each time.
        differences(seen.settings, now.settings, 'content').length > 0 ||
        // By writing: while it was read, a file may have had another content, and the old one again.
        differences(seen.sources, now.sources, 'writing').length > 0
      );
    },
    async folders() {
      const { settings, sources, root } = inputs;
      return foldersOf({ paths: [...settings, ...(await sourceFiles(inputs))], sources, root });
    },
    isOutput: (path) => inputs.outputs.has(path),
  };
}

/** File systems note times in ticks of up to 10 ms. */
const tick = 20;

const changedSince =
  (time: number) =>
  (path: string): boolean =>
    trailOf(path).some((step) => changeOf(step) > time - tick);

/** Time at which a link or file was changed; 0 if the system does not tell. */
function changeOf(path: string): number {
  try {
    return lstatSync(path).ctimeMs;
  } catch {
    return 0;
  }
}

/** Where both have a path, as it was before: a run may have read it so, whatever became of it since. */
const overlaid = (now: Fingerprint, before: Fingerprint): Fingerprint =>
  new Map([...now].map(([path, trace]) => [path, before.get(path) ?? trace]));

const merged = ({ settings, sources }: Omit<Seen, 'isUnsure'>): Fingerprint => new Map([...settings, ...sources]);
