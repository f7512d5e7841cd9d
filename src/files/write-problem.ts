import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { grouped, printable } from '../core/text.ts';

/** Why a file could not be written, fit for a `write-failed` diagnostic. */
export interface WriteProblem {
  /** The file that was to be written, as the caller named it. */
  readonly file: string;
  /** The operating system's name for the reason, e.g. `ENOSPC`. */
  readonly errno: string;
  readonly message: string;
  readonly hint?: string;
}

/** An error that the operating system gave, not one of a wrong call. */
export type SystemError = Error & { readonly code: string; readonly syscall: string };

export const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  'syscall' in error &&
  typeof error.syscall === 'string';

/** Takes a step that may be left out: what the operating system says against it is nobody's concern. */
export function attempt(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

interface Explanation {
  readonly what: string;
  readonly hint: string;
}

/** Says in plain words why `file` could not be given its `size` bytes. */
export function explain(file: string, size: number, error: SystemError): WriteProblem {
  const { what, hint } = explanation(file, size, error);
  return { file, errno: error.code, message: `cannot write ${file}: ${what}`, hint };
}

/** Node throws at such a path before the system sees it. */
export function explainNul(file: string): WriteProblem {
  const message = `cannot write ${printable(file)}: its path holds a NUL character`;
  return { file, errno: 'EINVAL', message, hint: 'choose a name without one' };
}

function explanation(file: string, size: number, error: SystemError): Explanation {
  const folder = dirname(file);
  switch (error.code) {
    case 'ENOSPC':
      return {
        what: `the disk is full: ${grouped(size)} bytes are needed${freeBytes(folder)}`,
        hint: 'free some space there, or write to a folder on another disk',
      };
    case 'EDQUOT':
      return {
        what: `the disk quota is used up: ${grouped(size)} bytes are needed`,
        hint: 'delete files of yours on that disk, or write to a folder on another one',
      };
    case 'EFBIG':
      return {
        what: `its ${grouped(size)} bytes are more than one file may have here`,
        hint: 'raise the limit (ulimit -f), or write to a folder on another disk',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        what: `permission denied in ${folder}`,
        hint: 'make that folder writable for this user, or write to another one',
      };
    case 'EROFS':
      return {
        what: `${folder} is on a read-only file system`,
        hint: 'mount it writable, or write to another folder',
      };
    case 'EEXIST':
    case 'ENOTDIR':
      return {
        what: `a part of ${folder} is a file or a link that leads nowhere, not a folder`,
        hint: 'remove or rename it, or write to another folder',
      };
    case 'ENAMETOOLONG':
      return { what: 'the name or the path is too long for this file system', hint: 'choose a shorter one' };
    case 'ELOOP':
      return { what: 'its symbolic links lead in a circle', hint: 'remove one of them, or write to another folder' };
    case 'EBUSY':
      return { what: 'another program has it open', hint: 'close that program and build again' };
    default:
      return { what: words(error), hint: `check ${folder} and its disk, then build again` };
  }
}

/** The words in Node's `EIO: i/o error, fsync`. */
function words(error: SystemError): string {
  const said = /^[A-Z0-9]+: ([^,]+)/.exec(error.message)?.[1];
  return said === undefined ? error.code : `${said} (${error.code})`;
}

function freeBytes(folder: string): string {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return `, ${grouped(bavail * bsize)} are free in ${folder}`;
  } catch {
    // The folder may not be there; the message does without the number.
    return '';
  }
}
