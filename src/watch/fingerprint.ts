import { createHash } from 'node:crypto';
import { type BigIntStats, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../files/path-kind.ts';

/** What was at a path. */
export interface Trace {
  readonly exists: boolean;
  /** Differs when the content does, or who may read it. */
  readonly content: string;
  /** Differs also when the same was written again. */
  readonly writing: string;
}

/** What was at some paths, by path. */
export type Fingerprint = ReadonlyMap<string, Trace>;

/** Reads what is at these paths now; of a folder its names, and each of its files as a path of its own. */
export function fingerprintOf(paths: Iterable<string>): Fingerprint {
  const traces = new Map<string, Trace>();
  for (const path of paths) {
    const stats = statOf(path);
    if (typeof stats === 'string' || !stats.isDirectory()) {
      traces.set(path, traceOf(path, stats));
      continue;
    }
    const names = namesIn(path);
    traces.set(path, traced(names.join('/'), stats));
    for (const name of names) {
      const file = join(path, name);
      const inner = statOf(file);
      if (typeof inner !== 'string' && inner.isFile()) traces.set(file, traceOf(file, inner));
    }
  }
  return traces;
}

/** The paths that are not as they were, by their content or by having been written. */
export function differences(before: Fingerprint, now: Fingerprint, by: 'content' | 'writing'): string[] {
  const paths = new Set([...before.keys(), ...now.keys()]);
  return [...paths].filter((path) => before.get(path)?.[by] !== now.get(path)?.[by]);
}

function traceOf(path: string, stats: BigIntStats | string): Trace {
  if (typeof stats === 'string') return { exists: false, content: stats, writing: stats };
  return traced(`${stats.mode} ${stats.isFile() ? hashOf(path) : ''}`, stats);
}

function traced(content: string, { ino, mtimeNs, ctimeNs }: BigIntStats): Trace {
  return { exists: true, content, writing: `${content} ${ino} ${mtimeNs} ${ctimeNs}` };
}

/** Or why there is nothing. */
function statOf(path: string): BigIntStats | string {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    return codeOf(error);
  }
}

/** Times alone do not do: some file systems note them in steps of two seconds. */
function hashOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    return codeOf(error);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    return [codeOf(error)];
  }
}
