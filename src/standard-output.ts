import { fstatSync, writeSync } from 'node:fs';
import type { Output } from './core/output.ts';

/** Standard output or error of the process. */
export interface StandardOutput extends Output {
  /** Calls back when all of it is written. */
  flush(done: () => void): void;
}

/**
 * Opens standard output or error. Node's own streams cost the start 20 modules: a pipe or file does without them.
 *
 * @param failed called with the first error; nothing is written after it
 */
export function standardOutput(fd: 1 | 2, failed: (error: NodeJS.ErrnoException) => void): StandardOutput {
  let stream: NodeJS.WriteStream | undefined;
  let isBroken = false;
  let isPlain: boolean | undefined;
  const fail = (error: NodeJS.ErrnoException): void => {
    if (isBroken) return;
    isBroken = true;
    failed(error);
  };
  const open = (): NodeJS.WriteStream => {
    if (stream === undefined) {
      stream = fd === 1 ? process.stdout : process.stderr;
      stream.on('error', fail);
    }
    return stream;
  };
  const isStream = (): boolean => {
    isPlain ??= isPipeOrFile(fd);
    return stream !== undefined || !isPlain;
  };
  return {
    fd,
    get isTTY() {
      return isStream() && open().isTTY;
    },
    /** Read only where it is a terminal. */
    get columns() {
      return open().columns;
    },
    write(text) {
      if (isBroken) return;
      if (isStream()) return void open().write(text);
      const rest = writeAll(fd, Buffer.from(text), fail);
      if (rest.length > 0) open().write(rest);
    },
    flush(done) {
      if (isStream() && !isBroken) open().write('', () => done());
      else done();
    },
  };
}

function isPipeOrFile(fd: number): boolean {
  try {
    return !fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}

/** Gives the rest where another process has set a pipe to not block, and it is full. */
function writeAll(fd: number, bytes: Uint8Array, fail: (error: NodeJS.ErrnoException) => void): Uint8Array {
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done);
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === 'EAGAIN') return bytes.subarray(done);
    fail(failure);
  }
  return bytes.subarray(bytes.length);
}
