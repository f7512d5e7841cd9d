// Runs the compiled tests: `node test/run.mjs [--fuzz | --bench] [word…]`, each word a part of a file's path.
import { spawnSync } from 'node:child_process';
import { globSync } from 'tinyglobby';

const words = process.argv.slice(2);
const folder = words.includes('--fuzz') ? 'fuzz' : words.includes('--bench') ? 'bench' : undefined;
const wanted = words.filter((word) => !word.startsWith('--'));

// An explicit list: what `node --test` makes of folders and globs differs between Node 20, 22 and 24.
const files = globSync(folder ? `.out/test/${folder}/**/*.js` : '.out/test/**/*.test.js', {
  ignore: folder ? [] : ['.out/test/{fuzz,bench}/**'],
})
  .sort()
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
if (files.length === 0) {
  console.error(`no compiled test matches ${wanted.join(' ')}`);
  process.exit(1);
}
// One after the other: what measures must have the machine to itself.
// Many wait more than they compute, for a simulated chip or a file system: more at once than there are cores.
const together = ['--test', '--test-concurrency=4', ...files];
const calls = folder === 'bench' ? files.map((file) => [file]) : [together];
for (const args of calls) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
