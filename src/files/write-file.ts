import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pause } from '../core/clock.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { linkOnTheWay } from './links.ts';
import { temporaryFor } from './temporary.ts';
import { explain, explainNul, isSystemError, type SystemError, type WriteProblem } from './write-problem.ts';

export interface WriteOptions {
  /** It holds a private key: nobody but the owner may read it (mode 0600). */
  readonly secret: boolean;
  /** The output folder: from there on a link in the place of a folder is refused, too (links.ts). Absolute. */
  readonly within?: string;
}

/** How a file on disk stands to the bytes it should have. `wrong-mode`: the bytes are right, a secret lies open. */
export type Comparison = 'absent' | 'different' | 'equal' | 'wrong-mode';

const onWindows = process.platform === 'win32';
const secretMode = 0o600;

/**
 * Compares without writing. A symbolic link stands for what it leads to, as long as that need not change. Whatever
 * cannot be read counts as `different`: replacing it either works or says why not.
 */
export function compareFile(file: string, bytes: Uint8Array, { secret }: WriteOptions): Comparison {
  if (file.includes('\0')) return 'different';
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there === undefined) return 'absent';
    if (!there.isFile() || there.size !== bytes.length || !readFileSync(file).equals(bytes)) return 'different';
    if (!secret || onWindows || (there.mode & 0o7777) === secretMode) return 'equal';
    return lstatSync(file).isSymbolicLink() ? 'different' : 'wrong-mode';
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return 'different';
  }
}

/** Closes a file that holds a private key to all but its owner: the answer to `wrong-mode`. Its mtime stays. */
export function restrictMode(file: string): Result<void, WriteProblem> {
  try {
    chmodSync(file, secretMode);
    return ok(undefined);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `${file} holds a private key that others can read, and its mode cannot be set to 0600`;
    return fail({ file, errno: error.code, message, hint: 'delete it and build again, or build as its owner' });
  }
}

/**
 * Gives `file` these bytes, whole or not at all: whatever happens, there is the old file or the new one. Missing
 * folders are made. Never writes through a link (links.ts). A file that is not secret keeps the mode it had.
 */
export function replaceFile(
  file: string,
  bytes: Uint8Array,
  { secret, within }: WriteOptions,
): Result<void, WriteProblem> {
  if (file.includes('\0')) return fail(explainNul(file));
  try {
    const link = linkOnTheWay(file, within);
    if (link !== undefined) return fail(link);
    const old = lstatSync(file, { throwIfNoEntry: false });
    if (old !== undefined && !old.isFile()) return fail(notAFile(file, old));
    install(file, bytes, secret ? secretMode : old && old.mode & 0o777);
    return ok(undefined);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return fail(explain(file, bytes.length, error));
  }
}

function notAFile(file: string, old: Stats): WriteProblem {
  if (old.isDirectory()) {
    const message = `cannot write ${file}: it is a folder`;
    return { file, errno: 'EISDIR', message, hint: 'remove or rename that folder, or write to another place' };
  }
  const message = `cannot write ${file}: it is a device, a pipe or a socket, not a file`;
  return { file, errno: 'EINVAL', message, hint: 'write to another place' };
}

/** @param mode exactly this; absent: what the umask leaves. Throws system errors, with nothing left behind. */
function install(target: string, bytes: Uint8Array, mode: number | undefined, attempts = 3): void {
  const temporary = create(target, mode);
  try {
    try {
      if (mode !== undefined) setMode(temporary.descriptor, mode);
      writeAll(temporary.descriptor, bytes);
      // Without it some file systems make the rename durable before the bytes: an empty file after a power cut.
      fsyncSync(temporary.descriptor);
    } finally {
      // Network file systems report a full disk only here.
      closeSync(temporary.descriptor);
    }
    rename(temporary.path, target);
  } catch (error) {
    remove(temporary.path);
    // From another container that shares the folder this process looks dead, and its temporary file a left-over.
    const swept = isSystemError(error) && error.code === 'ENOENT' && attempts > 1;
    if (!swept) throw error;
    install(target, bytes, mode, attempts - 1);
    return;
  }
  syncFolder(dirname(target));
}

function create(target: string, mode = 0o666): { path: string; descriptor: number } {
  for (let attempt = 1; ; attempt++) {
    const path = temporaryFor(target);
    try {
      return { path, descriptor: openSync(path, 'wx', mode) };
    } catch (error) {
      const mended = isSystemError(error) && attempt < 4 && (error.code === 'ENOENT' || error.code === 'EEXIST');
      if (!mended) throw error;
      // EEXIST: the random part of the name is taken; the next is not.
      if (error.code === 'ENOENT') makeFolder(dirname(target));
    }
  }
}

/** mkdirSync's own `recursive` says ENOENT for a read-only file system and for a link that leads nowhere. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const parent = dirname(folder);
    if (error.code === 'ENOENT' && parent !== folder) {
      makeFolder(parent);
      makeFolder(folder);
      return;
    }
    // Another build may have made it just now.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** The mode given to open loses the bits of the umask. */
function setMode(descriptor: number, mode: number): void {
  try {
    fchmodSync(descriptor, mode);
  } catch (error) {
    // The file is ours and new: only a file system without modes (FAT, some network ones) refuses.
    ignore(error, ['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL']);
  }
}

/** Writes `length` bytes from `offset` on; returns how many it took. */
type Write = (descriptor: number, bytes: Uint8Array, offset: number, length: number) => number;

/** A disk about to be full takes a part of the bytes and reports success. */
export function writeAll(descriptor: number, bytes: Uint8Array, write: Write = writeSync): void {
  let at = 0;
  while (at < bytes.length) {
    const written = write(descriptor, bytes, at, bytes.length - at);
    if (written === 0) {
      throw Object.assign(new Error('EIO: nothing was written, write'), { code: 'EIO', syscall: 'write' });
    }
    at += written;
  }
}

function rename(from: string, to: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      // On Windows a virus scanner or an indexer holds new files open for a moment.
      const passing = onWindows && isSystemError(error) && ['EPERM', 'EACCES', 'EBUSY'].includes(error.code);
      if (!passing || attempt === 10) throw error;
      pause(attempt * 10);
    }
  }
}

function remove(temporary: string): void {
  try {
    unlinkSync(temporary);
  } catch {
    // The error that led here is the one to tell.
  }
}

/** Makes the new name durable, where the operating system can. */
export function syncFolder(folder: string): void {
  if (onWindows) return;
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // EACCES: a folder that may be written but not listed. The others: file systems that cannot sync a folder.
    ignore(error, ['EACCES', 'EPERM', 'EINVAL', 'EISDIR', 'ENOTSUP']);
  }
}

function ignore(error: unknown, codes: readonly SystemError['code'][]): void {
  if (!isSystemError(error) || !codes.includes(error.code)) throw error;
}
