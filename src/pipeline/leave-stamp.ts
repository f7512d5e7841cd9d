import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isError } from '../core/diagnostics/diagnostic.ts';
import { masked } from '../core/door.ts';
import { version } from '../core/version.ts';
import { replaceFile } from '../files/write-file.ts';
import { isPathSource, type Partition, sourcesOf } from '../sources/partition.ts';
import type { Build } from './result.ts';
import { programFile, type Stamp, type StampedCall, stampFile, stateOf } from './stamp.ts';

/**
 * Leaves a stamp in place of the last one of this folder, where the next build would have nothing to do either. Nothing
 * happens where something changed after `started` or just before, or no stamp can be written: the next build is then a
 * whole one.
 *
 * @param paths what the result depends on, absolute: read, listed or made, and looked for in vain
 * @param started when the build began, before it read anything: milliseconds since 1970
 */
export function leaveStamp(call: StampedCall, build: Build, paths: Iterable<string>, started: number): void {
  const states: Record<string, string> = {};
  for (const path of [...paths, programFile()]) {
    const { state, changed } = stateOf(path);
    if (changed > started - tick) return;
    states[path] = state;
  }
  const { cwd, argv } = call;
  const { project: _project, images: _images, severities: _severities, until = started, ...result } = build;
  const stamp: Stamp = { version, cwd, argv, from: started, until, states, result: masked(result) };
  const written = replaceFile(stampFile(call), new TextEncoder().encode(JSON.stringify(stamp)), { secret: true });
  if (written.ok) forgetOldest(call.home);
}

/** FAT notes times in steps of two seconds, no file system in longer ones. */
const tick = 2000;

/** True for a build that a stamp can stand for: nothing was to do, and all that it depends on are files. */
export function isStampable({ project, partitions, table, files, diagnostics }: Build): boolean {
  if (project === undefined || diagnostics.some(isError)) return false;
  const rows = [...partitions, ...(table ? [table] : []), ...files];
  const isIdle = rows.every(({ status }) => status === 'unchanged' || status === 'skipped');
  const { hooks, configFile = '' } = project;
  const isData = !/\.[cm]?[jt]s$/.test(configFile);
  const hasHooks = Object.values(hooks).some((hook) => hook !== undefined);
  return isIdle && isData && !hasHooks && project.partitions.every(isOfFiles);
}

/** True for a partition that neither programs nor variables have a part in. */
function isOfFiles(partition: Partition): boolean {
  const parts = [partition, ...(partition.namespaces ?? [])];
  return sourcesOf(partition).every(isPathSource) && parts.every(({ normalize }) => normalize?.password === undefined);
}

/** As many folders as anybody works in. */
const most = 100;

/** Folders come and go, those of CI most of all. */
function forgetOldest(home: string): void {
  try {
    const files = readdirSync(home).map((name) => join(home, name));
    if (files.length <= most) return;
    const byAge = files.map((file) => ({ file, time: statSync(file).mtimeMs })).sort((a, b) => a.time - b.time);
    for (const { file } of byAge.slice(0, files.length - most)) unlinkSync(file);
  } catch {
    // Another build does the same right now.
  }
}
