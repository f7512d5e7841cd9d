import { type Dirent, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import { codeOf, kindOfPath } from '../files/path-kind.ts';
import { compilePattern, longestPattern, type PatternProblem, type Progress } from './pattern.ts';

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

/**
 * Whether a path has any of a pattern's constructs. `server(1).crt`, as a browser names a second copy, has none. One
 * pass for each construct: an expression for it would look ahead from each of many brackets.
 */
export const isPattern = (path: string): boolean =>
  /[*?]/.test(path) ||
  closedBy(path, ']').some((piece) => piece.slice(0, -1).includes('[')) ||
  closedBy(path, '}').some((piece) => piece.includes('{') && /,|\.\./.test(piece.slice(piece.lastIndexOf('{')))) ||
  closedBy(path, ')').some((piece) => /[!@]\(/.test(piece) || /^[^(]*\([^|]*\|/.test(piece));

/** The stretches before each closing sign; none of them has one itself. */
const closedBy = (path: string, sign: string): string[] => path.split(sign).slice(0, -1);

/**
 * Expands a pattern (pattern.ts). Case counts, on every system; hidden names match only where the pattern has the dot.
 * Links to folders are followed, except by `**`: they may lead in circles.
 */
export function expandPattern(base: string, path: string): Result<Expanded, PatternProblem> {
  const { root, rest } = splitPattern(base, path);
  const compiled = compilePattern(rest);
  if (!compiled.ok) return compiled;
  const pattern = compiled.value;
  const [files, folders]: [string[], string[]] = [[], []];
  const unlisted: { folder: string; code: string }[] = [];
  const walk = (folder: string, progress: Progress): void => {
    for (const entry of entriesOf(folder, unlisted)) {
      const named = pattern.step(progress, entry.name);
      if (named.states.size === 0) continue;
      const inner = join(folder, entry.name);
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && kindOfPath(inner) === 'folder');
      // Also dangling links and pipes: they are to be refused by name.
      if (!isFolder) {
        if (pattern.isMatch(named)) files.push(inner);
        continue;
      }
      const within = pattern.step(named, '/');
      if (pattern.isMatch(named) || pattern.isMatch(within)) folders.push(inner);
      if (pattern.leadsOn(within) && !(pattern.isDeep && entry.isSymbolicLink())) walk(inner, within);
    }
  };
  walk(root, pattern.start);
  return ok({ files, folders, unlisted, root });
}

function entriesOf(folder: string, unlisted: { folder: string; code: string }[]): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT') unlisted.push({ folder, code });
    return [];
  }
}

/** Folder in which the files of a pattern are looked for, and the levels of folders below it. */
export function reachOf(base: string, pattern: string): { readonly root: string; readonly depth: number } {
  const { root, rest } = splitPattern(base, pattern);
  return { root, depth: rest.includes('**') ? Number.POSITIVE_INFINITY : rest.split('/').length - 1 };
}

/**
 * The leading folders of a pattern that are plain, and the rest. A folder that really is called `certs[old]` is meant
 * literally, and only here may a pattern climb (`../[ab]/*`).
 */
function splitPattern(base: string, pattern: string): { root: string; rest: string } {
  // Each part asks the file system. Such a pattern is refused as a whole.
  if (pattern.length > longestPattern) return { root: base, rest: pattern };
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
  // `a//b` and `a/./b` are `a/b`.
  return {
    root,
    rest: parts
      .slice(taken)
      .join('/')
      .replace(/\/(?:\.?\/)+/g, '/')
      .replace(/(.)\/$/, '$1'),
  };
}

/** A path from `base`, with `/`. */
export const pathFrom = (base: string, path: string): string => relative(base, path).split(sep).join('/') || '.';

/** The same as messages show it. */
export const shownFrom = (base: string, path: string): string => printable(pathFrom(base, path));
