import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { byCodePoint, byNumber, didYouMean } from '../core/text.ts';
import type { Kind } from '../formats/format.ts';
import type { SourceSpec } from './project.ts';

/** The files that a source stands for, absolute, in the order in which they are packed. */
export interface FoundFiles {
  readonly files: readonly string[];
  /** The source named one file itself, rather than a folder or pattern that gives some. */
  readonly literal: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

// What esp-at's own build step takes from a folder (components/customized_partitions/generation_tools).
const certificateSuffixes = ['.pem', '.der', '.cer', '.crt'];
const suffixesOf: Record<Kind, readonly string[] | undefined> = {
  ca: certificateSuffixes,
  cert: certificateSuffixes,
  key: ['.pem', '.der', '.key'],
  data: undefined,
};

/** Finds the files of a source. A folder or glob gives those whose suffix fits its kind; a file named literally is taken as it is. */
export async function findFiles(source: SourceSpec): Promise<FoundFiles> {
  const path = resolve(source.base, source.path);
  const found = kindOfPath(path);
  if (found === 'file') return { files: [path], literal: true, diagnostics: [] };
  if (found === 'folder') return filesOfFolder(path, source);
  if (found === 'absent' && /[*?[\]{}()!]/.test(source.path)) return filesOfGlob(source);
  return { files: [], literal: true, diagnostics: [whyAbsent(path, found, source)] };
}

type PathKind = 'file' | 'folder' | 'special' | 'absent' | 'dangling' | 'denied' | 'loop';

function kindOfPath(path: string): PathKind {
  try {
    const stats = statSync(path);
    // Opening a pipe or device would wait for ever.
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'special';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EPERM') return 'denied';
    if (code === 'ELOOP') return 'loop';
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? 'dangling' : 'absent';
  }
}

function whyAbsent(path: string, found: PathKind, source: SourceSpec): Diagnostic {
  const place = source.place ?? { file: path };
  switch (found) {
    case 'dangling':
      return diagnostic('source-missing', `${source.path} is a link to ${readlinkSync(path)}, which does not exist`, {
        place,
        hint: 'mend the link or name the file itself',
      });
    case 'loop':
      return diagnostic('source-unreadable', `${source.path} is a link that leads back to itself`, { place });
    case 'special':
      return diagnostic('source-unreadable', `${source.path} is not a regular file`, { place });
    case 'denied':
      return diagnostic('source-unreadable', `${source.path} cannot be reached: permission denied`, { place });
    default:
      return diagnostic('source-missing', `${source.path} does not exist`, { place, ...nearbyHint(path) });
  }
}

function nearbyHint(path: string): { hint: string } {
  try {
    const names = readdirSync(dirname(path));
    return { hint: didYouMean(basename(path), names, '') ?? `looked in ${dirname(path)}` };
  } catch {
    return { hint: `the folder ${dirname(path)} does not exist either` };
  }
}

function filesOfFolder(folder: string, source: SourceSpec): FoundFiles {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    const message = `the folder ${source.path} cannot be listed: permission denied`;
    return none(diagnostic('source-unreadable', message, { place: source.place ?? { file: folder } }));
  }
  return sorted(folder, names, source);
}

async function filesOfGlob(source: SourceSpec): Promise<FoundFiles> {
  const { globSync } = await import('tinyglobby');
  const names = globSync(source.path, {
    cwd: source.base,
    onlyFiles: false,
    expandDirectories: false,
    followSymbolicLinks: true,
  });
  return sorted(source.base, names, source);
}

/** Keeps the names that fit the kind, says of the others why not, and orders what is left. */
function sorted(folder: string, names: readonly string[], source: SourceSpec): FoundFiles {
  const suffixes = suffixesOf[source.kind];
  const files: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const compare = source.order === 'natural' ? byNumber : byCodePoint;
  for (const name of [...names].sort(compare)) {
    const path = join(folder, name);
    const reason = whyIgnored(name, suffixes);
    if (reason === undefined) {
      const found = kindOfPath(path);
      if (found === 'file') files.push(path);
      else if (found !== 'folder')
        diagnostics.push(whyAbsent(path, found, { ...source, path: relative(source.base, path) }));
    } else if (kindOfPath(path) !== 'folder') {
      diagnostics.push(diagnostic('ignored-file', `${name} is left out: ${reason}`, { place: { file: path } }));
    }
  }
  if (files.length === 0 && !diagnostics.some((one) => one.severity === 'error')) {
    const wanted = suffixes ? `${suffixes.join(', ')} file` : 'file';
    diagnostics.push(
      diagnostic('source-missing', `${source.path} gives no ${wanted}`, {
        place: source.place ?? { file: folder },
        hint: `looked in ${folder}`,
      }),
    );
  }
  return { files, literal: false, diagnostics };
}

function whyIgnored(name: string, suffixes: readonly string[] | undefined): string | undefined {
  const file = basename(name);
  if (file.startsWith('.')) return 'a hidden file';
  if (/~$|^#.*#$|\.(bak|orig|swp|swo|tmp|old)$/i.test(file)) return "an editor's backup";
  if (/^readme(\.|$)/i.test(file)) return 'a README';
  // The reference overlooks upper-case suffixes; a certificate named .CRT is meant to be taken.
  const suffix = extname(file).toLowerCase();
  if (suffixes && !suffixes.includes(suffix)) return `not a ${suffixes.join(', ')} file`;
  return undefined;
}

const none = (one: Diagnostic): FoundFiles => ({ files: [], literal: false, diagnostics: [one] });
