import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { pause, timeOfDay } from '../core/clock.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** Why a file could not be read. `code` is the system's (ENOENT, EACCES, EISDIR, …) or one of ours. */
export interface ReadProblem {
  /** `CHANGING`: it never held still. `SPECIAL`: a pipe, socket or device. `TOO_LARGE`: over `maxFileSize`. */
  readonly code: string;
}

/** What reading needs of the world; a test puts its own in place to change a file between two calls. */
export interface ReadCalls {
  openSync(path: string, flags: number): number;
  fstatSync(
    file: number,
    options: { bigint: true },
  ): { size: bigint; mtimeNs: bigint; ctimeNs: bigint; isDirectory(): boolean; isFile(): boolean };
  readSync(file: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  closeSync(file: number): void;
  /** Milliseconds since 1970. */
  now(): number;
  pause(milliseconds: number): void;
}

const system: ReadCalls = {
  openSync,
  fstatSync,
  readSync,
  closeSync,
  now: timeOfDay,
  pause,
};

const attempts = 5;
/** File systems note times in ticks of up to 10 ms: a second write in the same tick would leave no trace. */
const tick = 20;
/** No flash of these chips holds as much; beyond it lies a wrong path, such as a disk image. */
export const maxFileSize = 256 * 1024 * 1024;
// Opening a pipe waits for its other end unless told not to. Windows knows neither.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The content of a file as it stood at one moment: if its size or times differ after reading, or it was written so
 * recently that they could not, it is read again. A file replaced by rename meanwhile is no problem, the opened one
 * stays whole.
 */
export function readStable(path: string, calls: ReadCalls = system): Result<Uint8Array, ReadProblem> {
  try {
    const file = calls.openSync(path, openFlags);
    try {
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (attempt > 0) calls.pause(tick);
        const before = calls.fstatSync(file, { bigint: true });
        if (before.isDirectory()) return fail({ code: 'EISDIR' });
        if (!before.isFile()) return fail({ code: 'SPECIAL' });
        if (before.size > BigInt(maxFileSize)) return fail({ code: 'TOO_LARGE' });
        const age = calls.now() - Number(before.ctimeNs / 1_000_000n);
        const bytes = readWhole(file, Number(before.size), calls);
        const after = calls.fstatSync(file, { bigint: true });
        const unchanged =
          before.size === after.size && before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs;
        const justWritten = Math.abs(age) < tick;
        if (unchanged && !justWritten && BigInt(bytes.length) === after.size) return ok(bytes);
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
