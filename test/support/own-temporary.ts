import { readdirSync } from 'node:fs';
import { type Cleanup, scratch } from './scratch.ts';

/** A place for temporary files of its own, to see what is left in it. */
export function ownTemporary(t: Cleanup): () => string[] {
  const folder = scratch(t);
  const names = ['TMPDIR', 'TEMP', 'TMP'];
  const old = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = folder;
  t.after(() => {
    for (const [at, name] of names.entries()) {
      if (old[at] === undefined) delete process.env[name];
      else process.env[name] = old[at];
    }
  });
  return () => readdirSync(folder).filter((name) => name.startsWith('at-pki-flash-'));
}
