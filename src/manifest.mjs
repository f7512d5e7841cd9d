// Leaves out of the packed package.json what only this repository needs: `trim` before npm packs, `restore` after it.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const [file, original] = ['package.json', '.out/package.original.json'];

if (process.argv[2] === 'restore') renameSync(original, file);
else {
  const text = readFileSync(file, 'utf8');
  const { scripts: _, devDependencies: __, overrides: ___, ...manifest } = JSON.parse(text);
  writeFileSync(original, text);
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
}
