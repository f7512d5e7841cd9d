import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '../core/result.ts';

/** Why a file could not be read. `code` is the system's (ENOENT, EACCES, EISDIR, …) or `CHANGING`. */
export interface ReadProblem {
  readonly code: string;
}

/** What reading needs of the file system; a test puts its own in place to change a file between two calls. */
export interface ReadCalls {
  openSync(path: string, flags: string): number;
  fstatSync(file: number, options: { bigint: true }): { size: bigint; mtimeNs: bigint; isDirectory(): boolean };
  readSync(file: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  closeSync(file: number): void;
}

const attempts = 5;

/**
 * The content of a file as it stood at one moment: if its size or time of modification differ after
 * reading, it is read again. A file replaced by rename meanwhile is no problem, the opened one stays whole.
 */
export function readStable(
  path: string,
  calls: ReadCalls = { openSync, fstatSync, readSync, closeSync },
): Result<Uint8Array, ReadProblem> {
  try {
    const file = calls.openSync(path, 'r');
    try {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const before = calls.fstatSync(file, { bigint: true });
        if (before.isDirectory()) return fail({ code: 'EISDIR' });
        const bytes = readWhole(file, Number(before.size), calls);
        const after = calls.fstatSync(file, { bigint: true });
        const unchanged = before.size === after.size && before.mtimeNs === after.mtimeNs;
        if (unchanged && BigInt(bytes.length) === after.size) return ok(bytes);
      }
      return fail({ code: 'CHANGING' });
    } finally {
      calls.closeSync(file);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return fail({ code: error.code });
    throw error;
  }
}

function readWhole(file: number, size: number, calls: ReadCalls): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const read = calls.readSync(file, bytes, filled, size - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
