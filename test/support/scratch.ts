import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChildren } from './child.ts';

/** The part of a test that cleaning up needs: the hook that runs after it, passed or not. */
export interface Cleanup {
  after(clean: () => void): void;
  /** Aborts when the test is over or has timed out. */
  readonly signal?: AbortSignal;
}

/** A new empty folder, removed with all it holds when the test is over. Absolute, without symbolic links in it. */
export function scratch(t: Cleanup): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'at-pki-test-')));
  t.after(() => {
    // A child that still writes puts files where they have just been removed.
    endChildren(t);
    remove(folder);
  });
  return folder;
}

/** Never throws: node:test skips the other `after` hooks of a test when one of them does. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // The run removes its folder for temporary files at the end, with what is left in it.
  }
}
