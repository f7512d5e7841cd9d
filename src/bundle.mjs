// Makes dist anew, with the command in it. Node compiles a file whole before it runs any of it, 4 ms for each 100 KB: so that a build
// starts fast, what it mostly has no use for lies in files of its own, each of which holds all that it needs.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Source files that are loaded by a dynamic import, and the files in dist that they become. */
const parts = {
  'src/commands/others.ts': 'others.cjs',
  'src/config/generated/validator.ts': 'validator.cjs',
  'src/flash/flash-with-hooks.ts': 'flash.cjs',
};

/** @param {string[]} apart the parts that are left out */
const leaveOut = (apart) => ({
  name: 'parts',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
      const part = apart.find((one) => resolve(one) === resolve(resolveDir, path));
      return part && kind === 'dynamic-import' ? { path: `./${parts[part]}`, external: true } : undefined;
    });
  },
});

/** @param {string} entry @param {string} outfile @param {string[]} apart */
async function bundle(entry, outfile, apart) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['asn1js', 'chokidar', 'cosmiconfig', 'esptool-js', 'execa', 'pkijs', 'serialport', 'yaml'],
    minify: true,
    define: { 'import.meta.url': 'fileUrl' },
    banner: { js: "const fileUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [leaveOut(apart)],
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`nothing came of ${entry}`);
  // A file of ours needs none of what import() starts up in Node.
  const text = file.text.replace(/\bimport\("(\.\/\w+\.cjs)"\)/g, 'Promise.resolve().then(()=>require("$1"))');
  writeFileSync(outfile, text, { mode: entry === 'src/cli.ts' ? 0o755 : 0o644 });
  return Object.keys(metafile.inputs);
}

// Nothing of an earlier build is packed along.
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
const all = Object.keys(parts);
const inputs = { 'cli.cjs': await bundle('src/cli.ts', 'dist/cli.cjs', all) };
for (const [entry, name] of Object.entries(parts)) {
  inputs[name] = await bundle(entry, `dist/${name}`, entry === 'src/commands/others.ts' ? [all[1]] : []);
}
// For test/startup.test.ts: which source is in which file.
writeFileSync('.out/bundles.json', JSON.stringify(inputs));
