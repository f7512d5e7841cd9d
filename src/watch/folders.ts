import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isPattern, reachOf } from '../plan/glob.ts';
import { isLink, kindOfPath } from '../plan/path-kind.ts';
import type { SourceSpec } from '../plan/project.ts';

/** Folders to be watched, each with the names in it that matter. They exist, and are absolute. */
export type Folders = ReadonlyMap<string, ReadonlySet<string> | 'all'>;

/** What the folders are for. */
export interface Watched {
  /** Files and folders, there or not. */
  readonly paths: readonly string[];
  readonly sources: readonly SourceSpec[];
  /** On the way down from this folder any may be replaced. */
  readonly root: string;
}

/**
 * Folders, not files: an editor that writes by rename puts another file in the place of the one that was watched. What
 * is not there yet is waited for in the nearest folder above.
 */
export function foldersOf({ paths, sources, root }: Watched): Folders {
  const folders = new Map<string, Set<string> | 'all'>();
  const watch = (path: string): void => {
    const names = folders.get(dirname(path));
    if (names === undefined) folders.set(dirname(path), new Set([basename(path)]));
    else if (names !== 'all') names.add(basename(path));
  };
  const lead = (path: string): void => {
    let here = path;
    while (dirname(here) !== here && kindOfPath(dirname(here)) !== 'folder') here = dirname(here);
    watch(here);
    for (here = dirname(here); isWithin(here, root); here = dirname(here)) watch(here);
  };
  const follow = (path: string): void => {
    lead(path);
    const target = targetOf(path);
    if (target !== undefined) lead(target);
    if (kindOfPath(path) === 'folder') folders.set(path, 'all');
  };
  for (const path of new Set([...paths, ...sources.flatMap(searchedBy)])) follow(path);
  // chokidar takes the root of a file system for its own parent, in which it then misses it, with all that is below.
  for (const folder of folders.keys()) if (dirname(folder) === folder) folders.delete(folder);
  return folders;
}

/** The folders that a source looks into. */
function searchedBy({ base, path, literal }: SourceSpec): string[] {
  const whole = resolve(base, path);
  if (literal || !isPattern(path) || kindOfPath(whole) !== 'absent') return [whole];
  const { root, deep } = reachOf(base, path);
  return deep ? [root, ...foldersBelow(root)] : [root];
}

function foldersBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const inner = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    return inner.map(({ name }) => join(folder, name)).flatMap((path) => [path, ...foldersBelow(path)]);
  } catch {
    // Vanished by now, or not for this user.
    return [];
  }
}

/** Where a link leads in the end. */
function targetOf(path: string): string | undefined {
  if (!isLink(path)) return undefined;
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Whether a folder is `root` or lies in it. */
function isWithin(folder: string, root: string): boolean {
  if (dirname(folder) === folder) return false;
  const path = relative(root, folder);
  return path === '' || (!isAbsolute(path) && path.split(/[/\\]/)[0] !== '..');
}
