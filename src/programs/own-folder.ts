import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OwnFolder {
  readonly path: string;
  /** Removes it with all it holds. */
  remove(): void;
}

/**
 * Makes a folder that only this user may enter (mkdtemp: mode 0700), for files that programs read or write: keys are
 * among them, so it goes with the process at the latest. The caller listens for the signals that end a process
 * (interruptible). Throws the system's error.
 */
export function makeOwnFolder(): OwnFolder {
  const path = mkdtempSync(join(tmpdir(), 'at-pki-'));
  const clean = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  process.on('exit', clean);
  return {
    path,
    remove() {
      process.off('exit', clean);
      clean();
    },
  };
}
