import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `scratch` needs of a test: the hook that runs after it, passed or not. */
export interface Cleanup {
  after(clean: () => void): void;
}

/** A new empty folder, removed with all it holds when the test is over. Absolute, without symbolic links in it. */
export function scratch(t: Cleanup): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'at-pki-test-')));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
