import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import { didYouMean } from '../core/text.ts';

/** What stands at a path, links followed. `special`: a pipe, socket or device; opening one may wait for ever. */
export type PathKind = 'file' | 'folder' | 'special' | 'absent' | 'dangling' | 'denied' | 'loop' | 'unreachable';

export function kindOfPath(path: string): PathKind {
  try {
    const stats = statSync(path);
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'special';
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        return isLink(path) ? 'dangling' : 'absent';
      case 'EACCES':
      case 'EPERM':
        return 'denied';
      case 'ELOOP':
        return 'loop';
      default:
        return 'unreachable';
    }
  }
}

/** Whether the path itself is a link, wherever that leads. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Returns true if the name is taken, also by a dangling link; false if the system does not let it be looked up. */
export function isTaken(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Says why there is no file to read at a path, which messages call `name`. */
export function whyNoFile(path: string, kind: PathKind, name: string, place: Place = { file: path }): Diagnostic {
  switch (kind) {
    case 'dangling':
      return diagnostic('source-missing', `${name} is a link to ${readlinkSync(path)}, which does not exist`, {
        place,
        hint: 'mend the link or name the file itself',
      });
    case 'loop':
      return diagnostic('source-unreadable', `${name} is a link that leads back to itself`, {
        place,
        hint: 'replace the link by the file it should lead to',
      });
    case 'special':
      return diagnostic('source-unreadable', `${name} is not a regular file but a pipe, socket or device`, {
        place,
        hint: 'write its content to a file first',
      });
    case 'folder':
      return diagnostic('source-unreadable', `${name} is a folder`, { place, hint: 'name a file in it' });
    case 'denied':
      return diagnostic('source-unreadable', `${name} cannot be reached: permission denied`, {
        place,
        hint: 'let this user enter the folders on the way to it (chmod o+x)',
      });
    case 'unreachable':
      return diagnostic('source-unreadable', `${name} cannot be reached: ${systemReason(path)}`, { place });
    default:
      return diagnostic('source-missing', `${name} does not exist`, { place, hint: whereToLook(path) });
  }
}

function systemReason(path: string): string {
  try {
    statSync(path);
    return 'it could not be a moment ago';
  } catch (error) {
    return reasonOf(codeOf(error));
  }
}

/** The words for a code of the system or of Node, where it has some. */
export function reasonOf(code: string): string {
  if (code === 'ENAMETOOLONG') return 'a part of its path is too long for this file system';
  return code === 'ERR_INVALID_ARG_VALUE' ? 'its path holds a NUL character' : code;
}

function whereToLook(path: string): string {
  const folder = dirname(path);
  // Node shows bytes of a name that are not UTF-8 as U+FFFD, and then finds no file of that name.
  if (basename(path).includes('\ufffd')) return 'its name is not UTF-8: rename it';
  try {
    return didYouMean(basename(path), namesIn(folder), '') ?? `looked in ${folder}`;
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return `${folder} is not a folder`;
    return codeOf(error) === 'ENOENT' ? `the folder ${folder} does not exist either` : `looked in ${folder}`;
  }
}

let listing: { readonly folder: string; readonly changed: bigint; readonly names: readonly string[] } | undefined;

/** The names in a folder, listed once for all that is missing from it. Throws what the system says. */
function namesIn(folder: string): readonly string[] {
  const { mtimeNs: changed } = statSync(folder, { bigint: true });
  if (listing?.folder !== folder || listing.changed !== changed) {
    listing = { folder, changed, names: readdirSync(folder) };
  }
  return listing.names;
}

/** The system's name for what went wrong, e.g. `ENOENT`. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
