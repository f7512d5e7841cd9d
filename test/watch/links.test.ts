import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { build } from '../../src/index.ts';
import { trailOf } from '../../src/watch/links.ts';
import { watchFolders } from '../../src/watch/watcher.ts';
import { exampleCheckout } from '../support/example-checkout.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { type Watching, watching } from '../support/watching.ts';

// Links that are pointed elsewhere while a watch runs. Without it a certificate that a cluster or a package manager
// renewed would not reach the images, and the watch would look as if all was well.

const skip = process.platform === 'win32' && 'links take privileges on Windows';

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Makes a link, or points it elsewhere in one step, as `ln -sfn` and Kubernetes do. */
function point(link: string, target: string): void {
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
}

function configure(cwd: string, files: unknown, more: object = {}): void {
  const partitions = { data: { format: 'raw', type: 'key', files, size: '4K', ...more } };
  put(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions }));
}

const holds = (cwd: string, text: string): boolean =>
  existsSync(join(cwd, 'out/data.bin')) && readFileSync(join(cwd, 'out/data.bin'), 'utf8') === text;

/** A watch, and how often the system told it that something happened: it also looks by itself after each run. */
async function noticing(t: Cleanup, cwd: string, poll = false): Promise<Watching & { readonly notices: () => number }> {
  let notices = 0;
  const watch = await watching(t, cwd, poll, (options) =>
    watchFolders({
      ...options,
      touched() {
        notices++;
        options.touched();
      },
    }),
  );
  return { ...watch, notices: () => notices };
}

/** Makes a change that the system has to tell of, and that has to have this effect. */
async function noticed({ notices }: { notices: () => number }, change: () => void, effect: () => boolean) {
  const before = notices();
  change();
  await until(() => notices() > before, `no notice, and so never: ${effect}`);
  await until(effect);
}

const codesOf = (watch: Watching): string[] => watch.runs.at(-1)?.result.diagnostics.map(({ code }) => code) ?? [];

/** A folder with `store/v1/a.key` to `store/v3/a.key`, which hold their numbers. */
function store(t: Cleanup): string {
  const cwd = scratch(t);
  for (const version of ['v1', 'v2', 'v3']) put(join(cwd, `store/${version}/a.key`), version);
  return cwd;
}

/** Each a way from a source to `store/v1/a.key`, with a link `current` on it that is not the last. */
const ways: [what: string, files: unknown, make: (cwd: string) => string][] = [
  [
    'a link through a link to a folder',
    'certs/a.key',
    (cwd) => {
      point(join(cwd, 'certs/a.key'), '../current/a.key');
      return join(cwd, 'current');
    },
  ],
  [
    'the ..data of Kubernetes',
    ['k8s/a.key'],
    (cwd) => {
      point(join(cwd, 'k8s/a.key'), '..data/a.key');
      return join(cwd, 'k8s/..data');
    },
  ],
  [
    'a chain of links in folders elsewhere',
    'a.key',
    (cwd) => {
      point(join(cwd, 'a.key'), 'one/two/a.key');
      point(join(cwd, 'one/two'), join(cwd, 'three/four'));
      point(join(cwd, 'three/four'), '../five/six');
      return join(cwd, 'five/six');
    },
  ],
  [
    'a folder whose files are links',
    'certs',
    (cwd) => {
      point(join(cwd, 'certs/a.key'), '../deep/current/a.key');
      return join(cwd, 'deep/current');
    },
  ],
  [
    'a folder that is a link through a link',
    'certs',
    (cwd) => {
      point(join(cwd, 'certs'), 'deep/current');
      return join(cwd, 'deep/current');
    },
  ],
  [
    'a pattern over links',
    'certs/*.key',
    (cwd) => {
      point(join(cwd, 'certs/a.key'), '../deep/current/a.key');
      return join(cwd, 'deep/current');
    },
  ],
  [
    'a pattern through linked folders',
    'c*/*/*.key',
    (cwd) => {
      point(join(cwd, 'certs/inner'), '../deep/current');
      return join(cwd, 'deep/current');
    },
  ],
];

describe('a watch notices a link in the middle that is pointed elsewhere', { concurrency: 4, skip }, () => {
  for (const [what, files, make] of ways) {
    test(what, async (t) => {
      const cwd = store(t);
      const link = make(cwd);
      point(link, join(cwd, 'store/v1'));
      configure(cwd, files);
      const watch = await noticing(t, cwd);
      assert.ok(holds(cwd, 'v1'), codesOf(watch).join());
      const to = (version: string) => () => point(link, join(cwd, 'store', version));
      await noticed(watch, to('v2'), () => holds(cwd, 'v2'));
      // As `rm` and `ln -s` do it, with nothing there in between.
      await noticed(
        watch,
        () => rmSync(link),
        () => codesOf(watch).includes('source-missing'),
      );
      await noticed(watch, to('v3'), () => holds(cwd, 'v3'));
      const rewrite = () => put(join(cwd, 'store/v3/a.key'), 'v4');
      await noticed(watch, rewrite, () => holds(cwd, 'v4'));
      assert.equal((await build({ cwd, mode: 'check' })).ok, true);
    });
  }

  test('while it polls', async (t) => {
    const cwd = store(t);
    point(join(cwd, 'certs/a.key'), '../elsewhere/current/a.key');
    point(join(cwd, 'elsewhere/current'), '../store/v1');
    configure(cwd, 'certs/a.key');
    const watch = await noticing(t, cwd, true);
    assert.ok(holds(cwd, 'v1'));
    const change = () => point(join(cwd, 'elsewhere/current'), '../store/v2');
    await noticed(watch, change, () => holds(cwd, 'v2'));
  });

  test('a link that leads nowhere for a while, or in a circle', async (t) => {
    const cwd = store(t);
    const link = join(cwd, 'deep/current');
    point(join(cwd, 'a.key'), 'deep/current/a.key');
    point(link, '../store/v9');
    configure(cwd, 'a.key');
    const watch = await noticing(t, cwd);
    assert.deepEqual(codesOf(watch), ['source-missing']);
    const copy = () => cpSync(join(cwd, 'store/v1'), join(cwd, 'store/v9'), { recursive: true });
    await noticed(watch, copy, () => holds(cwd, 'v1'));
    const isWrong = () => codesOf(watch).some((code) => code.startsWith('source-'));
    for (const circle of ['current', '../a.key', '../deep/current/x']) {
      const to = (target: string) => () => point(link, target);
      await noticed(watch, to(circle), isWrong);
      await noticed(watch, to('../store/v2'), () => holds(cwd, 'v2') && codesOf(watch).length === 0);
      await noticed(watch, to('../store/v1'), () => holds(cwd, 'v1'));
    }
  });

  test('a watch begins at a circle, too', async (t) => {
    const cwd = store(t);
    for (const [from, to] of ['ab', 'ba']) point(join(cwd, `${from}`), `${to}`);
    configure(cwd, 'a/a.key');
    const watch = await noticing(t, cwd);
    assert.deepEqual(codesOf(watch), ['source-unreadable']);
    const change = () => point(join(cwd, 'b'), 'store/v1');
    await noticed(watch, change, () => holds(cwd, 'v1'));
  });

  test('a new file in a folder that a pattern reaches through a link', async (t) => {
    const cwd = store(t);
    point(join(cwd, 'certs/inner'), '../store/v1');
    rmSync(join(cwd, 'store/v1/a.key'));
    configure(cwd, 'certs/*/*.key');
    const watch = await noticing(t, cwd);
    assert.deepEqual(codesOf(watch), ['source-missing']);
    const change = () => put(join(cwd, 'store/v1/b.key'), 'new');
    await noticed(watch, change, () => holds(cwd, 'new'));
  });

  test('the folder of the project', async (t) => {
    const cwd = store(t);
    for (const version of ['v1', 'v2']) configure(join(cwd, 'store', version), 'a.key');
    point(join(cwd, 'current'), 'store/v1');
    const project = join(cwd, 'current');
    const watch = await noticing(t, project);
    assert.ok(holds(project, 'v1'));
    await noticed(
      watch,
      () => point(project, 'store/v2'),
      () => holds(project, 'v2'),
    );
  });

  test('a namespace of an NVS image', async (t) => {
    const cwd = store(t);
    point(join(cwd, 'certs/a.key'), '../current/a.key');
    point(join(cwd, 'current'), 'store/v1');
    const partitions = { mfg_nvs: { size: '64K', namespaces: { mine: { files: 'certs/a.key' } } } };
    put(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions }));
    const watch = await noticing(t, cwd);
    const has = (text: string) => readFileSync(join(cwd, 'out/mfg_nvs.bin')).includes(text);
    assert.ok(has('v1'));
    const change = () => point(join(cwd, 'current'), 'store/v2');
    await noticed(watch, change, () => has('v2'));
  });

  test('the config, and what its folder is a link to', async (t) => {
    const cwd = store(t);
    const config = (file: string, version: string) => {
      put(file, '');
      configure(dirname(file), join(cwd, `store/${version}/a.key`));
    };
    config(join(cwd, 'one/pki.config.json'), 'v1');
    config(join(cwd, 'two/pki.config.json'), 'v2');
    point(join(cwd, 'project/pki.config.json'), '../current/pki.config.json');
    point(join(cwd, 'current'), 'one');
    const watch = await noticing(t, join(cwd, 'project'));
    assert.ok(holds(join(cwd, 'project'), 'v1'));
    const change = () => point(join(cwd, 'current'), 'two');
    await noticed(watch, change, () => holds(join(cwd, 'project'), 'v2'));
  });

  test('the table and sdkconfig of a checkout', async (t) => {
    const cwd = exampleCheckout(t);
    const elsewhere = scratch(t);
    const table = join(cwd, 'module_config/module_esp32_default/at_customize.csv');
    const text = readFileSync(table, 'utf8');
    put(join(elsewhere, 'v1/table.csv'), text);
    put(join(elsewhere, 'v2/table.csv'), text.replace('0x35000', '0x37000'));
    for (const version of ['v1', 'v2']) put(join(elsewhere, version, 'sdkconfig'), '');
    put(join(elsewhere, 'v3/sdkconfig'), 'CONFIG_AT_MQTT=y\n');
    for (const name of ['tables', 'settings']) point(join(elsewhere, name), 'v1');
    point(table, join(elsewhere, 'tables/table.csv'));
    point(join(cwd, 'sdkconfig'), join(elsewhere, 'settings/sdkconfig'));
    put(join(cwd, 'components/customized_partitions/AT_partition_dependency'), 'AT_MQTT=y mqtt_ca\n');
    const watch = await noticing(t, cwd);
    const flashArgs = () => readFileSync(join(cwd, 'build/customized_partitions/flash_args'), 'utf8');
    const skipped = () => watch.runs.at(-1)?.result.partitions.filter(({ status }) => status === 'skipped').length ?? 0;
    const before = skipped();
    const to = (link: string, version: string) => () => point(join(elsewhere, link), version);
    await noticed(watch, to('settings', 'v3'), () => skipped() === before - 1);
    assert.match(flashArgs(), /0x35000 mqtt_ca\.bin/);
    await noticed(watch, to('tables', 'v2'), () => flashArgs().includes('0x37000 mqtt_ca.bin'));
  });
});

describe('the way to a file', { skip }, () => {
  test('is every link on it, where it really lies, and its end', (t) => {
    const cwd = scratch(t);
    const at = (path: string) => join(cwd, path);
    put(at('store/v1/a.crt'), '');
    point(at('certs/a.crt'), '../current/a.crt');
    point(at('current'), at('one'));
    point(at('one'), './store/../store//v1/');
    assert.deepEqual(trailOf(at('certs/a.crt')), [at('certs/a.crt'), at('current'), at('one'), at('store/v1/a.crt')]);
    assert.deepEqual(trailOf(at('store/v1/a.crt')), [at('store/v1/a.crt')]);
    // A `..` leads out of the folder that a link leads to.
    assert.deepEqual(trailOf(`${cwd}/current/../v1/a.crt`), [at('current'), at('one'), at('store/v1/a.crt')]);
    assert.deepEqual(trailOf(at('not/there/a.crt')), [at('not/there/a.crt')]);
    point(at('nowhere'), 'not/there');
    assert.deepEqual(trailOf(at('nowhere/a.crt')), [at('nowhere'), at('not/there/a.crt')]);
    assert.deepEqual(trailOf('/'), ['/']);
  });

  test('has no end in a circle', (t) => {
    const cwd = scratch(t);
    for (const [from, to] of ['ab', 'bc', 'ca']) point(join(cwd, `${from}`), `${to}/x`);
    assert.deepEqual(
      trailOf(join(cwd, 'a/y')).sort(),
      ['a', 'b', 'c'].map((name) => join(cwd, name)),
    );
  });
});
