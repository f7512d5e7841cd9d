import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { listed, printable } from '../core/text.ts';
import { codeOf, kindOfPath, reasonOf, whyNoFile } from '../files/path-kind.ts';
import { chooseFiles } from './choose-files.ts';
import { expandPattern, isPattern, shownFrom } from './glob.ts';
import type { SourceSpec } from './partition.ts';
import type { PatternProblem } from './pattern.ts';

/** The files that a source stands for, absolute, in the order in which they are packed. */
export interface FoundFiles {
  readonly files: readonly string[];
  /** The source named one file itself, rather than a folder or pattern that gives some. */
  readonly literal: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the files of a source. A folder or pattern gives those whose suffix fits its kind; a file named literally is
 * taken as it is, also where its name has a pattern's characters.
 */
export async function findFiles(source: SourceSpec): Promise<FoundFiles> {
  const path = resolve(source.base, source.path);
  const found = kindOfPath(path);
  if (found === 'file') return { files: [path], literal: true, diagnostics: [] };
  if (found === 'folder') return filesOfFolder(path, source);
  if (found === 'absent' && !source.literal && isPattern(source.path)) return filesOfPattern(source);
  return nothing([whyNoFile(path, found, printable(source.path), source.place)]);
}

function filesOfFolder(folder: string, source: SourceSpec): FoundFiles {
  try {
    const paths = readdirSync(folder).map((name) => join(folder, name));
    return { literal: false, ...chooseFiles(paths, folder, source) };
  } catch (error) {
    return nothing([unlistable(folder, codeOf(error), source)]);
  }
}

function filesOfPattern(source: SourceSpec): FoundFiles {
  const expanded = expandPattern(source.base, source.path);
  if (!expanded.ok) return nothing([refused(expanded.error, source)]);
  const { files, folders, unlisted, root } = expanded.value;
  const denied = unlisted.map(({ folder, code }) => unlistable(folder, code, source));
  if (files.length === 0) return nothing(denied.length > 0 ? denied : [noMatch(folders, root, source)]);
  const { files: taken, diagnostics } = chooseFiles(files, root, source);
  return { files: taken, literal: false, diagnostics: [...denied, ...diagnostics] };
}

function refused({ message, hint }: PatternProblem, { path, place }: SourceSpec): Diagnostic {
  const shown = path.length > longestShown ? `${path.slice(0, longestShown)}…` : path;
  return diagnostic('config-value', `${printable(shown)}: ${message}`, { place, hint });
}

/** Characters of a pattern that was refused. */
const longestShown = 60;

function noMatch(folders: readonly string[], root: string, source: SourceSpec): Diagnostic {
  const name = printable(source.path);
  const place = source.place ?? { file: root };
  if (folders.length > 0) {
    const message = `${name} matches no file, only ${listed(folders.map((folder) => shownFrom(source.base, folder)))}`;
    return diagnostic('source-missing', message, { place, hint: `to take the files in such a folder: ${name}/*` });
  }
  const hint =
    kindOfPath(root) !== 'folder'
      ? `there is no folder ${printable(root)}`
      : source.path.includes('\\')
        ? 'part folders by /, on Windows too: a backslash takes the next character literally'
        : `looked in ${printable(root)}`;
  return diagnostic('source-missing', `${name} matches no file`, { place, hint });
}

function unlistable(folder: string, code: string, source: SourceSpec): Diagnostic {
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : reasonOf(code);
  const name = shownFrom(source.base, folder);
  const hint = 'let this user list it (chmod u+rx)';
  const place = source.place ?? { file: folder };
  return diagnostic('source-unreadable', `the folder ${name} cannot be listed: ${reason}`, { place, hint });
}

const nothing = (diagnostics: readonly Diagnostic[]): FoundFiles => ({ files: [], literal: false, diagnostics });
