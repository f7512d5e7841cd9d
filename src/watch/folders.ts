import { type Dirent, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { append } from '../core/lists.ts';
import { kindOfPath } from '../files/path-kind.ts';
import { isPattern, reachOf } from '../sources/glob.ts';
import type { SourceSpec } from '../sources/partition.ts';
import { trailOf } from './links.ts';

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
 * is not there yet is waited for in the nearest folder above. Every link on the way to it counts, wherever that lies.
 */
export function foldersOf({ paths, sources, root }: Watched): Folders {
  const folders = new Map<string, Set<string> | 'all'>();
  const realRoot = trailOf(root).at(-1) ?? root;
  const watch = (path: string): void => {
    const names = folders.get(dirname(path));
    if (names === undefined) folders.set(dirname(path), new Set([basename(path)]));
    else if (names !== 'all') names.add(basename(path));
  };
  const lead = (path: string): void => {
    let here = path;
    while (dirname(here) !== here && kindOfPath(dirname(here)) !== 'folder') here = dirname(here);
    watch(here);
    for (here = dirname(here); isWithin(here, realRoot); here = dirname(here)) watch(here);
  };
  const follow = (path: string): void => {
    const trail = trailOf(path);
    for (const step of trail) lead(step);
    const end = trail.at(-1);
    if (end === undefined || kindOfPath(end) !== 'folder') return;
    folders.set(end, 'all');
    const links = entriesOf(end).filter((entry) => entry.isSymbolicLink());
    for (const { name } of links) for (const step of trailOf(join(end, name))) lead(step);
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
  const { root, depth } = reachOf(base, path);
  return [root, ...foldersBelow(root, depth)];
}

/** Folders at most so many levels below one. Links to folders are followed as patterns do: not where there is no limit. */
function foldersBelow(folder: string, depth: number): string[] {
  const all: string[] = [];
  // Each folder once a level, by where it really lies: links may lead in circles.
  let level: ReadonlySet<string> = new Set([folder]);
  for (let at = 0; at < depth && level.size > 0; at++) {
    const found = [...level].flatMap((one) => foldersIn(one, Number.isFinite(depth)));
    append(all, found);
    level = new Set(found.map((path) => trailOf(path).at(-1) ?? path));
  }
  return all;
}

function foldersIn(folder: string, followLinks: boolean): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    const isLinked = entry.isSymbolicLink() && followLinks && kindOfPath(path) === 'folder';
    return !entry.name.startsWith('.') && (entry.isDirectory() || isLinked) ? [path] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Vanished by now, or not for this user.
    return [];
  }
}

/** Whether a folder is `root` or lies in it. */
function isWithin(folder: string, root: string): boolean {
  if (dirname(folder) === folder) return false;
  const path = relative(root, folder);
  return path === '' || (!isAbsolute(path) && path.split(/[/\\]/)[0] !== '..');
}
