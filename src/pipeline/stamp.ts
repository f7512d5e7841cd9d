import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { version } from '../core/version.ts';
import type { BuildResult } from './result.ts';

/*
 * As make goes by times, with all else that file systems know. A build that found every image up to date leaves a stamp:
 * its result, and the state of each path that it depends on. As long as all of these are as they were, the next build has
 * the same result, and looks at nothing else.
 *
 * Whoever writes a file gives it a new time of change, whatever he does to the time of writing; unless that is within a
 * tick of the file system. So nothing is stamped that changed a moment before.
 */

/** The command line that a stamp is for. */
export interface StampedCall {
  /** The folder of the user's stamps. Absolute. */
  readonly home: string;
  readonly cwd: string;
  readonly argv: readonly string[];
}

/** A stamp as it stands on disk. Times are milliseconds since 1970. */
export interface Stamp {
  readonly version: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly from: number;
  /** The validity of certificates goes by days: from here on a check may say something else. */
  readonly until: number;
  /** By absolute path. */
  readonly states: Readonly<Record<string, string>>;
  readonly result: BuildResult;
}

/** Returns the result that a build would have, where a stamp tells. */
export function stampedResult(call: StampedCall, now: number): BuildResult | undefined {
  const stamp = readStamp(call);
  const isOurs = stamp?.version === version && stamp.cwd === call.cwd && sameWords(stamp.argv, call.argv);
  if (!isOurs || now < stamp.from || now >= stamp.until) return undefined;
  return Object.entries(stamp.states).every(([path, state]) => stateOf(path).state === state)
    ? stamp.result
    : undefined;
}

const sameWords = (a: readonly string[], b: readonly string[]): boolean => JSON.stringify(a) === JSON.stringify(b);

function readStamp(call: StampedCall): Stamp | undefined {
  try {
    const stamp: unknown = JSON.parse(readFileSync(stampFile(call), 'utf8'));
    return isStamp(stamp) ? stamp : undefined;
  } catch {
    return undefined;
  }
}

/** Anybody may have written to the file; what a build has left is whole. */
function isStamp(value: unknown): value is Stamp {
  const { argv, states, result } = Object(value) as Partial<Stamp>;
  return Array.isArray(argv) && typeof states === 'object' && states !== null && Array.isArray(result?.partitions);
}

/** One for each working folder, that of its last command line. Of a path that is too long for a name there is none. */
export const stampFile = ({ home, cwd }: StampedCall): string => join(home, `${encodeURIComponent(cwd)}.json`);

/** The state of a path. */
export interface PathState {
  /** Which file it is, who may read it, its size and its times; or why there is none. */
  readonly state: string;
  /** When it was last written or changed, in milliseconds since 1970; 0 where nothing is. */
  readonly changed: number;
}

export function stateOf(path: string): PathState {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return { state: 'absent', changed: 0 };
    const { dev, ino, mode, uid, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats;
    const changed = Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs);
    return { state: [dev, ino, mode, uid, size, mtimeNs, ctimeNs].join(' '), changed };
  } catch (error) {
    return { state: String((error as NodeJS.ErrnoException).code), changed: 0 };
  }
}

/** The program itself: another one may find something else, also one that was built or installed in its place. */
export const programFile = (): string => resolve(process.argv[1] ?? '.');
