import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { outputOf, ran } from './support/child.ts';
import { exampleCheckout } from './support/example-checkout.ts';
import { fixtures, packageRoot } from './support/paths.ts';
import { scratch } from './support/scratch.ts';
import { until } from './support/until.ts';

// A build with nothing to do may cost 40 ms over bare node: none of the packages is loaded on that path. Each is
// replaced by one that notes its loading, which sees require and import alike on every version of Node.

const { dependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
// Beside our own those that cosmiconfig needs, or loads for formats that we read ourselves.
const packages = [
  ...new Set([...Object.keys(dependencies), 'serialport', 'jiti']),
  ...['env-paths', 'import-fresh', 'js-yaml', 'parse-json', 'typescript'],
];

interface Installed {
  readonly cli: string;
  /** Puts the true cosmiconfig in, of which each file notes its loading. */
  withCosmiconfig(): void;
  /** The packages loaded since the last call. */
  loaded(): string[];
}

/** The built program, alone in a folder with packages that only note their loading. */
function installed(t: TestContext): Installed {
  const folder = scratch(t);
  const trace = join(folder, 'loaded.txt');
  const cli = join(folder, 'dist/cli.cjs');
  const noting = (name: string) => `require('node:fs').appendFileSync(${JSON.stringify(trace)}, '${name}\\n');\n`;
  cpSync(join(packageRoot, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(packageRoot, 'package.json'), join(folder, 'package.json'));
  for (const name of packages) {
    const home = join(folder, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ name, version: '0.0.0', main: 'index.js', exports: { './*': './index.js', '.': './index.js' } }),
    );
    writeFileSync(join(home, 'index.js'), noting(name));
  }
  return {
    cli,
    withCosmiconfig() {
      const home = join(folder, 'node_modules/cosmiconfig');
      cpSync(join(packageRoot, 'node_modules/cosmiconfig'), home, { recursive: true });
      for (const name of readdirSync(join(home, 'dist')).filter((one) => one.endsWith('.js'))) {
        const file = join(home, 'dist', name);
        writeFileSync(file, noting(`cosmiconfig/dist/${name}`) + readFileSync(file, 'utf8'));
      }
    },
    loaded() {
      const names = existsSync(trace) ? readFileSync(trace, 'utf8').trim().split('\n') : [];
      rmSync(trace, { force: true });
      return names;
    },
  };
}

test('the trap sees a package that is loaded, by require and by import', (t) => {
  const { cli, loaded } = installed(t);
  writeFileSync(`${cli}.try.cjs`, packages.map((name) => `require('${name}');\n`).join(''));
  outputOf(process.execPath, [`${cli}.try.cjs`]);
  assert.deepEqual(loaded(), packages);
  writeFileSync(`${cli}.try.mjs`, packages.map((name) => `await import('${name}');\n`).join(''));
  outputOf(process.execPath, [`${cli}.try.mjs`]);
  assert.deepEqual(loaded(), packages);
});

/** The sources in each file of dist, as the bundler put them there. */
const bundles = JSON.parse(readFileSync(join(packageRoot, '.out/bundles.json'), 'utf8')) as Record<string, string[]>;

test('the program holds none of the packages itself, but the small parser of JSON with positions', () => {
  const files = Object.values(bundles).flat();
  assert.ok(files.includes('src/cli.ts'), 'the notes of the bundler lack its parts: this test is blind');
  const packages = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  assert.deepEqual([...new Set(packages)], ['jsonc-parser']);
});

test('the explanations of all codes lie in one file of their own', () => {
  const holders = Object.values(bundles).filter((sources) =>
    sources.some((source) => source.startsWith('explanation:')),
  );
  assert.equal(holders.length, 1);
  const [sources = []] = holders;
  assert.ok(sources.every((source) => source.startsWith('explanation:')));
  for (const file of ['src/checks/expired.ts', 'src/core/diagnostics/codes/port.ts'])
    assert.ok(sources.includes(`explanation:${file}`), file);
});

interface Start {
  /** Sources in the files that Node has required when it ends. */
  readonly sources: readonly string[];
  /** Node's own modules. */
  readonly builtins: readonly string[];
}

/** What a command line loads. Its output goes to a pipe. */
function startOf(t: TestContext, ...argv: string[]): Start {
  return startIn(t, process.env, ...argv);
}

function startIn(t: TestContext, env: NodeJS.ProcessEnv, ...argv: string[]): Start {
  const folder = scratch(t);
  const [trap, list] = [join(folder, 'trap.cjs'), join(folder, 'loaded.json')];
  const note = `JSON.stringify({ files: Object.keys(require.cache), builtins: process.moduleLoadList })`;
  writeFileSync(
    trap,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, ${note}));\n`,
  );
  outputOf(process.execPath, ['--require', trap, join(packageRoot, 'dist/cli.cjs'), ...argv], {
    cwd: folder,
    env,
  });
  const { files, builtins } = JSON.parse(readFileSync(list, 'utf8')) as { files: string[]; builtins: string[] };
  const dist = join(packageRoot, 'dist');
  return {
    sources: files.flatMap((file) => bundles[relative(dist, file).replaceAll('\\', '/')] ?? []),
    builtins: builtins.flatMap((name) =>
      name.startsWith('NativeModule ') ? [name.slice('NativeModule '.length)] : [],
    ),
  };
}

const certificate = join(fixtures, 'pki/raw_data/client_ca/client_ca_00.crt');
const bin = join(fixtures, 'golden/atpki/client_cert.bin');

const texts =
  /^src\/(?!core\/|commands\/(?:index|help|options)|formats\/nvs\/model|report\/reporters|(?:cli|main|run|standard-output)\.ts)/;
const project =
  /^src\/(?:checks|config\/(?!flash-values)|device|flash|pipeline\/(?!build-report)|project|sources|watch)\/|report\/(?:pretty|sarif)\.ts|^src\/formats\/nvs\/(?:open|read|unpack)\.ts|^explanation:/;

/** What a start must not load, since Node compiles a file whole. */
const starts: readonly (readonly [argv: readonly string[], sources: RegExp])[] = [
  [['--version'], texts],
  [['--help'], texts],
  [['generate_bin', '-b', 'a.bin', 'ca', certificate], project],
  [['parse_bin', '-b', bin], project],
  [['inspect', bin], project],
];

for (const [argv, sources] of starts) {
  test(`${argv[0]} loads no part of the program that it has no use for`, (t) => {
    const start = startOf(t, ...argv);
    assert.ok(start.sources.includes('src/main.ts'));
    assert.deepEqual(
      start.sources.filter((file) => sources.test(file)),
      [],
    );
    // It shows the keys of certificates, and crypto itself is made of streams.
    if (argv[0] === 'inspect') return;
    assert.ok(start.builtins.includes('fs'));
    assert.deepEqual(
      start.builtins.filter((name) => ['crypto', 'net', 'stream', 'tty'].includes(name)),
      [],
    );
  });
}

test('an NVS image is made without crypto and the readers of certificates', (t) => {
  const csv = join(scratch(t), 'in.csv');
  writeFileSync(csv, `key,type,encoding,value\nfirst,namespace,,\nca,file,binary,${certificate}\n`);
  const { sources, builtins } = startOf(t, 'nvs', 'generate', csv, 'out.bin', '0x4000');
  assert.ok(sources.includes('src/formats/nvs/encode.ts'));
  assert.deepEqual(
    sources.filter((file) => project.test(file) || /^src\/pki\/(?!private-key)/.test(file)),
    [],
  );
  assert.ok(!builtins.includes('crypto'));
});

test('a build loads no part of the program that it has no use for', (t) => {
  const { sources } = startOf(t, 'build', '--cwd', exampleCheckout(t));
  assert.ok(sources.includes('src/pipeline/run.ts'));
  // The name of a port is looked at along with the rest of the command line.
  const elsewhere =
    /^src\/(?:(?:device|flash|watch|formats\/diff)\/|commands\/(?:nvs\/(?!options)|certs\/)|config\/generated\/)|config\/(?:load|read|resolve)\.ts|report\/(?:sarif|github|json)\.ts|^explanation:/;
  assert.deepEqual(
    sources.filter((file) => elsewhere.test(file)),
    [],
  );
});

test('a build that goes by its stamp loads nothing that reads, checks or makes', async (t) => {
  const [checkout, cache] = [exampleCheckout(t), scratch(t)];
  const build = () => startIn(t, { ...process.env, XDG_CACHE_HOME: cache }, 'build', '--cwd', checkout);
  // Nothing is stamped that changed a moment ago.
  await until(() => build() !== undefined && existsSync(join(cache, 'at-pki')), 'a build leaves its stamp');
  const { sources } = build();
  assert.ok(sources.includes('src/pipeline/stamp.ts'));
  assert.deepEqual(
    sources.filter((file) =>
      /^src\/(?:checks|device|flash|formats\/(?!nvs\/model)|pki|project|sources|watch)/.test(file),
    ),
    [],
  );
});

test('a build with nothing to do, in a checkout without a config, loads no package', (t) => {
  const { cli, loaded } = installed(t);
  const checkout = exampleCheckout(t);
  const build = (...argv: string[]) => {
    return outputOf(process.execPath, [cli, 'build', '--cwd', checkout, ...argv]);
  };
  build();
  assert.deepEqual(loaded(), []);
  const { partitions } = JSON.parse(build('--json')) as { partitions: { status: string }[] };
  assert.deepEqual([...new Set(partitions.map(({ status }) => status))], ['unchanged']);
  build();
  build('--check');
  assert.deepEqual(loaded(), []);
});

const size = { client_ca: '8K', client_cert: '8K', client_key: '8K' };
const partitions = Object.fromEntries(Object.entries(size).map(([name, bytes]) => [name, { size: bytes }]));
const config = { rawData: 'components/customized_partitions/raw_data', partitions };
const configs: [name: string, text: string][] = [
  ['pki.config.json', JSON.stringify(config)],
  ['pki.config.jsonc', `// by hand\n${JSON.stringify(config)}`],
  ['.at-pkirc', JSON.stringify(config)],
  ['package.json', JSON.stringify({ name: 'x', 'at-pki': config })],
];
for (const [name, text] of configs) {
  test(`with a ${name} it loads the part of cosmiconfig that loads a config, and nothing else`, (t) => {
    const { cli, loaded, withCosmiconfig } = installed(t);
    withCosmiconfig();
    const checkout = exampleCheckout(t);
    writeFileSync(join(checkout, name), text);
    const build = (...argv: string[]) => outputOf(process.execPath, [cli, 'build', '--cwd', checkout, ...argv]);
    build();
    loaded();
    const { partitions } = JSON.parse(build('--json')) as { partitions: { name: string; status: string }[] };
    assert.deepEqual(
      partitions.map((one) => [one.name, one.status]),
      Object.keys(size).map((one) => [one, 'unchanged']),
    );
    assert.deepEqual(loaded().sort(), [
      'cosmiconfig/dist/Explorer.js',
      'cosmiconfig/dist/ExplorerBase.js',
      'cosmiconfig/dist/defaults.js',
      'cosmiconfig/dist/loaders.js',
      'cosmiconfig/dist/merge.js',
      'cosmiconfig/dist/util.js',
      'env-paths',
    ]);
  });
}

test('a watch loads chokidar and nothing else, and a build execa only for a hook', (t) => {
  const { cli, loaded } = installed(t);
  const cwd = exampleCheckout(t);
  // The one that stands here for chokidar cannot watch: it ends there.
  ran(process.execPath, [cli, 'watch'], { cwd });
  assert.deepEqual(loaded(), ['chokidar']);
  ran(process.execPath, [cli, 'build', '--check'], { cwd });
  ran(process.execPath, [cli, 'build', '--exec', 'true'], { cwd });
  assert.deepEqual(loaded(), []);
  ran(process.execPath, [cli, 'build', '--force', '--exec', 'true'], { cwd });
  assert.deepEqual(loaded(), ['execa']);
});

test('the same of the other commands that have no use for them', (t) => {
  const { cli, loaded } = installed(t);
  const folder = scratch(t);
  writeFileSync(join(folder, 'a.crt'), 'a');
  const run = (...argv: string[]) => outputOf(process.execPath, [cli, ...argv], { cwd: folder });
  run('--help');
  run('--version');
  run('build', '--help');
  run('generate_bin', 'ca', 'a.crt');
  run('inspect', 'PKI.bin');
  run('extract', 'PKI.bin', '-o', 'out');
  run('diff', 'PKI.bin', 'PKI.bin');
  run('parse_bin');
  run('certs', 'show', join(fixtures, 'pki/faults/good.crt'));
  run('certs', 'list', '--cwd', exampleCheckout(t));
  assert.deepEqual(loaded(), []);
});
