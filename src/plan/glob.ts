import { readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { printable } from '../core/text.ts';
import { codeOf, isLink, kindOfPath } from './path-kind.ts';

/** What a pattern matches. Paths are absolute. */
export interface Expanded {
  /** Whatever is no folder: also dangling links and pipes, which the caller has to refuse. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Folders that might hold more and cannot be listed, with the system's reason (`EACCES`). */
  readonly unlisted: readonly { readonly folder: string; readonly code: string }[];
  /** Where the search began: the part of the pattern that is a plain path. It may not exist. */
  readonly root: string;
}

/** Whether a path has any of a pattern's constructs. `server(1).crt`, as a browser names a second copy, has none. */
export const isPattern = (path: string): boolean =>
  /[*?]|\[[^\]]+\]|\{[^{}]*(,|\.\.)[^{}]*\}|[!@]\([^)]*\)|\([^)]*\|[^)]*\)/.test(path);

/**
 * Expands a pattern: `*`, `?`, `[a-z]`, `{a,b}`, `**`. Case counts, on every system; hidden names match only where the
 * pattern says the dot. Links to folders are followed, except by `**`: they may lead in circles.
 */
export async function expandPattern(base: string, pattern: string): Promise<Expanded> {
  const { root, rest } = splitPattern(base, pattern);
  const unlisted: { folder: string; code: string }[] = [];
  const followFolders = !rest.includes('**');
  // tinyglobby passes over dangling links and pipes in silence; here they are listed, to be refused by name.
  const list = (folder: string) => {
    try {
      return readdirSync(folder, { withFileTypes: true }).map((entry) => {
        const path = join(folder, entry.name);
        const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && kindOfPath(path) === 'folder');
        const entered = isFolder && (followFolders || !isLink(path));
        return Object.assign(entry, {
          isFile: () => !isFolder,
          isDirectory: () => entered,
          isSymbolicLink: () => isFolder && !entered,
        });
      });
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT') unlisted.push({ folder: resolve(folder), code });
      return [];
    }
  };
  const name = /^[^/\\[\]{}()!@+|]+$/.test(rest) && !rest.includes('**') ? nameMatcher(rest) : undefined;
  if (name !== undefined) {
    // Most patterns are like this, and loading the library takes longer than all the rest of a build.
    const found = list(root).filter((entry) => name.test(entry.name));
    const paths = (isFile: boolean) =>
      found.filter((entry) => entry.isFile() === isFile).map((entry) => join(root, entry.name));
    return { files: paths(true), folders: paths(false), unlisted, root };
  }
  const { globSync } = await import('tinyglobby');
  const matches = globSync(rest, {
    cwd: root,
    onlyFiles: false,
    expandDirectories: false,
    followSymbolicLinks: false,
    // It calls this in one of the many ways that the type offers: with `withFileTypes`.
    fs: { readdirSync: list as unknown as typeof readdirSync },
  });
  const absolute = (ending: boolean) =>
    matches.filter((match) => match.endsWith('/') === ending).map((match) => resolve(root, match));
  return { files: absolute(false), folders: absolute(true), unlisted, root };
}

/** Folder in which the files of a pattern are looked for, and the levels of folders below it. */
export function reachOf(base: string, pattern: string): { readonly root: string; readonly depth: number } {
  const { root, rest } = splitPattern(base, pattern);
  return { root, depth: rest.includes('**') ? Number.POSITIVE_INFINITY : rest.split('/').length - 1 };
}

/** A pattern of one name, with `*` and `?` alone. */
function nameMatcher(pattern: string): RegExp {
  const source = pattern.replace(/[.^$]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${pattern.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 'su');
}

/**
 * The leading folders of a pattern that are plain, and the rest. A folder that really is called `certs[old]` is meant
 * literally; and tinyglobby matches nothing where a pattern climbs and comes down again (`../[ab]/*`).
 */
function splitPattern(base: string, pattern: string): { root: string; rest: string } {
  // A backslash hides a special character from the pattern, but on Windows it parts folders.
  const parts = (sep === '\\' ? pattern.replaceAll('\\', '/') : pattern).split('/');
  let root = base;
  let taken = 0;
  for (const part of parts.slice(0, -1)) {
    const next = taken === 0 ? resolve(base, part === '' ? '/' : `${part}/`) : resolve(root, part);
    if (isPattern(part) && kindOfPath(next) !== 'folder') break;
    // A brace or parenthesis that is opened here is closed in a later part.
    if (/[{(]/.test(part) && kindOfPath(next) !== 'folder' && isPattern(parts.slice(taken).join('/'))) break;
    root = next;
    taken++;
  }
  return { root, rest: parts.slice(taken).join('/') };
}

/** A path from `base`, with `/`. */
export const pathFrom = (base: string, path: string): string => relative(base, path).split(sep).join('/') || '.';

/** The same as messages show it. */
export const shownFrom = (base: string, path: string): string => printable(pathFrom(base, path));
