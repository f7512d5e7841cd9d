// Makes dist: the command in CommonJS, which starts faster than ES modules, the library, and its types in one file. Node
// compiles a file whole before it runs any of it: what is imported dynamically lies in chunks, which commands share.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { build } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { explanationsApart, isExplanation } from './explanations.mjs';
import { plainChunks } from './plain-chunks.mjs';

const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const packages = Object.keys({ ...dependencies, ...optionalDependencies });
const shared = {
  platform: 'node',
  // Also by a path inside the package.
  external: (id) => packages.some((name) => id === name || id.startsWith(`${name}/`)),
  resolve: { mainFields: ['module', 'main'] },
  plugins: [explanationsApart()],
};
const checks = {
  // A lazy import also pays where other commands load the same source at once.
  ineffectiveDynamicImport: false,
  // The types are joined in JavaScript, which is slow.
  bundlerTimings: false,
};

/** What every start loads. */
const always = ['main', 'core/version'];
const command = [...always, 'commands/parse', 'files/path-kind'];

/** What starts most often, in builds and scripts. */
const starts = {
  help: [...always, 'commands/help'],
  build: [...command, 'commands/build', 'report/pretty', 'report/pretty-document'],
  inspect: [...command, 'commands/inspect', 'commands/open-input', 'commands/read-request', 'report/pretty-document'],
  bin: [...command, 'commands/generate-bin', 'commands/parse-bin', 'report/pretty-document'],
  nvs: [...command, 'commands/nvs/generate', 'report/pretty-document'],
};
const loaded = new Map();

/** Those of them that load a source at once. */
const usersOf = (id, graph) =>
  Object.entries(starts).flatMap(([start, entries]) => {
    if (!loaded.has(start)) {
      const found = new Set();
      for (const entry of entries) closureOf(resolve(`src/${entry}.ts`), graph, found);
      loaded.set(start, found);
    }
    return loaded.get(start).has(id) ? [start] : [];
  });

function closureOf(id, graph, found) {
  if (found.has(id)) return;
  found.add(id);
  for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) closureOf(imported, graph, found);
}

// A file more costs a start as much as 10 KB of code: sources with the same users share one. A group takes along what its
// sources import, and so those with the most users come first.
const groups = Object.keys(starts).map((_, index) => ({
  priority: index,
  name(id, graph) {
    const users = usersOf(id, graph);
    if (users.length !== index + 1) return null;
    // What others load of a command's parts they load without the command.
    const isOwn = users.length === 1 && id.startsWith(resolve('src/commands'));
    return isOwn ? `${users[0]}-command` : users.join('-');
  },
}));

// The texts of all codes in one file: explain and SARIF need many of them.
const explanations = { name: 'explanations', priority: groups.length, test: isExplanation };

// Nothing of an earlier build is packed along.
rmSync('dist', { recursive: true, force: true });
const [program] = await build([
  {
    ...shared,
    plugins: [...shared.plugins, plainChunks()],
    checks,
    input: { cli: 'src/cli.ts' },
    output: {
      ...{ dir: 'dist', format: 'cjs', minify: true },
      // Node keeps a source with a single other character in two bytes for each.
      charset: 'ascii',
      ...{ entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      codeSplitting: { groups: [explanations, ...groups] },
    },
  },
  {
    ...shared,
    checks,
    input: { index: 'src/index.ts' },
    output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
  },
  {
    checks,
    input: { index: './.out/src/index.d.ts' },
    plugins: [dts({ dtsInput: true, tsconfig: false })],
    output: { dir: 'dist', format: 'esm', entryFileNames: '[name].ts' },
  },
]);
chmodSync('dist/cli.cjs', 0o755);

// For test/startup.test.ts: the sources in each file.
const sources = program.output.map(({ fileName, moduleIds }) => [fileName, moduleIds.map((id) => relative('.', id))]);
writeFileSync('.out/bundles.json', JSON.stringify(Object.fromEntries(sources)));
