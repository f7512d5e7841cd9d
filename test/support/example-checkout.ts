import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from './paths.ts';
import { type Cleanup, scratch } from './scratch.ts';

/** A copy of the example checkout, not built yet: `npm start` may have built the original, as another user. */
export function exampleCheckout(t: Cleanup): string {
  const folder = scratch(t);
  const filter = (path: string): boolean => basename(path) !== 'build';
  cpSync(join(packageRoot, 'templates/example-checkout'), folder, { recursive: true, filter });
  return folder;
}
