import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { exampleCheckout } from '../support/example-checkout.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { type Watching, watching } from '../support/watching.ts';

// A watch on real files, each test a day in the life of a project.

const onWindows = process.platform === 'win32';

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A config with raw partitions, each from the source given. */
function configure(cwd: string, sources: Readonly<Record<string, string>>): void {
  const partitions = Object.fromEntries(
    Object.entries(sources).map(([name, files]) => [name, { format: 'raw', files, size: '4K' }]),
  );
  put(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions }));
}

const holds = (cwd: string, name: string, text: string): boolean =>
  existsSync(join(cwd, `out/${name}.bin`)) && readFileSync(join(cwd, `out/${name}.bin`), 'utf8').includes(text);

/** A project of one partition, `data`, from one source, and a watch on it. */
async function one(t: Cleanup, files: string, path: string, poll = false): Promise<{ cwd: string; watch: Watching }> {
  const cwd = scratch(t);
  put(join(cwd, path), 'zero');
  configure(cwd, { data: files });
  const watch = await watching(t, cwd, poll);
  assert.ok(holds(cwd, 'data', 'zero'));
  return { cwd, watch };
}

/** The runs that had a reason to tell: files written just before a watch begins may get it a second run. */
const told = (watch: Watching): number => watch.runs.filter(({ changes }) => changes.length > 0).length;
const codesOf = (watch: Watching): string[] => watch.runs.at(-1)?.result.diagnostics.map(({ code }) => code) ?? [];
const changesOf = (watch: Watching): string[] =>
  watch.runs.at(-1)?.changes.map(({ path, what }) => `${what} ${path}`) ?? [];

describe('a watch', { concurrency: 4 }, () => {
  test('sees folders that vanish and come back, also at once', async (t) => {
    const { cwd, watch } = await one(t, 'in/deep/a.bin', 'in/deep/a.bin');
    const folder = join(cwd, 'in');
    rmSync(folder, { recursive: true });
    await until(() => codesOf(watch).includes('source-missing'));
    assert.ok(holds(cwd, 'data', 'zero'), 'the last good image stays');
    put(join(folder, 'deep/a.bin'), 'one');
    await until(() => holds(cwd, 'data', 'one'));
    renameSync(folder, `${folder}-away`);
    await until(() => codesOf(watch).includes('source-missing'));
    renameSync(`${folder}-away`, folder);
    await until(() => codesOf(watch).length === 0);
    for (const text of ['two', 'three']) {
      put(join(cwd, 'other/deep/a.bin'), text);
      rmSync(folder, { recursive: true });
      renameSync(join(cwd, 'other'), folder);
      await until(() => holds(cwd, 'data', text));
    }
    put(join(folder, 'deep/a.bin'), 'four');
    await until(() => holds(cwd, 'data', 'four'));
  });

  test('outlives a config that is broken for a while, and goes on with what it says then', async (t) => {
    const { cwd, watch } = await one(t, 'a.bin', 'a.bin');
    const file = join(cwd, 'pki.config.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.slice(0, 20));
    await until(() => codesOf(watch).includes('config-syntax'));
    put(join(cwd, 'a.bin'), 'one');
    assert.ok(holds(cwd, 'data', 'zero'));
    rmSync(file);
    await until(() => codesOf(watch).includes('nothing-to-build'));
    // As many editors write.
    put(`${file}.tmp`, good);
    renameSync(`${file}.tmp`, file);
    await until(() => holds(cwd, 'data', 'one'));
  });

  test('begins with a broken config, too', async (t) => {
    const cwd = scratch(t);
    put(join(cwd, 'pki.config.json'), '{');
    put(join(cwd, 'a.bin'), 'one');
    const watch = await watching(t, cwd);
    assert.ok(codesOf(watch).includes('config-syntax'));
    configure(cwd, { data: 'a.bin' });
    await until(() => holds(cwd, 'data', 'one'));
  });

  test('follows the config to a source in a new folder, and no longer to one that it left', async (t) => {
    const { cwd, watch } = await one(t, 'a.bin', 'a.bin');
    const elsewhere = scratch(t);
    put(join(elsewhere, 'certs/b.bin'), 'b one');
    configure(cwd, { more: join(elsewhere, 'certs/b.bin') });
    await until(() => holds(cwd, 'more', 'b one'));
    put(join(elsewhere, 'certs/b.bin'), 'b two');
    await until(() => holds(cwd, 'more', 'b two') && told(watch) === 2);
    put(join(cwd, 'a.bin'), 'nobody asks');
    put(join(elsewhere, 'certs/b.bin'), 'b three');
    await until(() => holds(cwd, 'more', 'b three') && told(watch) === 3);
    assert.deepEqual(changesOf(watch), [`changed ${join(elsewhere, 'certs/b.bin')}`]);
  });

  test('waits for a source and its folders that are not there yet', async (t) => {
    const cwd = scratch(t);
    configure(cwd, { data: 'in/to/be/a.bin' });
    const watch = await watching(t, cwd);
    assert.ok(codesOf(watch).includes('source-missing'));
    mkdirSync(join(cwd, 'in'));
    put(join(cwd, 'in/to/be/a.bin'), 'one');
    await until(() => holds(cwd, 'data', 'one'));
  });

  test('takes new files of a pattern, also in new folders', async (t) => {
    const { cwd, watch } = await one(t, 'in/**/*.bin', 'in/a.bin');
    rmSync(join(cwd, 'in/a.bin'));
    await until(() => codesOf(watch).includes('source-missing'));
    put(join(cwd, 'in/new/deeper/b.bin'), 'one');
    await until(() => holds(cwd, 'data', 'one'));
    put(join(cwd, 'in/new/deeper/b.bin'), 'two');
    await until(() => holds(cwd, 'data', 'two'));
  });

  test('takes names with spaces and letters of any script', async (t) => {
    const name = 'in den Ordner/证书 ü$(x);.bin';
    const { cwd, watch } = await one(t, name, name);
    put(join(cwd, name), 'one');
    await until(() => holds(cwd, 'data', 'one'));
    assert.deepEqual(changesOf(watch), [`changed ${join(cwd, name)}`]);
  });

  test('sees what changes behind symbolic links, and the links themselves', { skip: onWindows }, async (t) => {
    const cwd = scratch(t);
    const elsewhere = scratch(t);
    for (const text of ['one', 'two']) put(join(elsewhere, text, 'a.bin'), text);
    symlinkSync(join(elsewhere, 'one'), join(cwd, 'raw'));
    symlinkSync(join(elsewhere, 'one/a.bin'), join(cwd, 'b.bin'));
    configure(cwd, { folder: 'raw/a.bin', file: 'b.bin' });
    await watching(t, cwd);
    assert.ok(holds(cwd, 'folder', 'one') && holds(cwd, 'file', 'one'));
    put(join(elsewhere, 'one/new'), 'changed');
    renameSync(join(elsewhere, 'one/new'), join(elsewhere, 'one/a.bin'));
    await until(() => holds(cwd, 'folder', 'changed') && holds(cwd, 'file', 'changed'));
    rmSync(join(cwd, 'raw'));
    symlinkSync(join(elsewhere, 'two'), join(cwd, 'raw'));
    await until(() => holds(cwd, 'folder', 'two'));
    put(join(elsewhere, 'two/a.bin'), 'three');
    await until(() => holds(cwd, 'folder', 'three'));
  });

  test('polls where it is told to, also for a file of the same length that is older', async (t) => {
    const { cwd } = await one(t, 'in/a.bin', 'in/a.bin', true);
    put(join(cwd, 'in/a.bin'), 'one!');
    await until(() => holds(cwd, 'data', 'one!'));
    put(join(cwd, 'b.bin'), 'two!');
    utimesSync(join(cwd, 'b.bin'), 1e9, 1e9);
    renameSync(join(cwd, 'b.bin'), join(cwd, 'in/a.bin'));
    await until(() => holds(cwd, 'data', 'two!'));
    rmSync(join(cwd, 'in'), { recursive: true });
    put(join(cwd, 'in/a.bin'), 'three');
    await until(() => holds(cwd, 'data', 'three'));
  });

  test('in a checkout follows the table, sdkconfig, and a config that appears', async (t) => {
    const cwd = exampleCheckout(t);
    const watch = await watching(t, cwd);
    const flashArgs = join(cwd, 'build/customized_partitions/flash_args');
    const table = join(cwd, 'module_config/module_esp32_default/at_customize.csv');
    const old = readFileSync(table, 'utf8');
    assert.match(readFileSync(flashArgs, 'utf8'), /0x35000 mqtt_ca\.bin/);
    writeFileSync(table, old.replace('0x35000', '0x37000'));
    await until(() => readFileSync(flashArgs, 'utf8').includes('0x37000 mqtt_ca.bin'));
    assert.deepEqual(changesOf(watch), [`changed ${table}`]);
    writeFileSync(table, `${old}\nmqtt_key,0x40\n`);
    await until(() => codesOf(watch).includes('table-syntax'));
    writeFileSync(table, old);
    await until(() => readFileSync(flashArgs, 'utf8').includes('0x35000 mqtt_ca.bin'));

    const partitionsOf = (): string[] => watch.runs.at(-1)?.result.partitions.map(({ name }) => name) ?? [];
    writeFileSync(join(cwd, 'components/customized_partitions/AT_partition_dependency'), 'AT_MQTT=y mqtt_ca\n');
    writeFileSync(join(cwd, 'sdkconfig'), 'CONFIG_AT_MQTT=y\n');
    const skipped = (): number =>
      watch.runs.at(-1)?.result.partitions.filter(({ status }) => status === 'skipped').length ?? 0;
    await until(() => skipped() === 8);
    appendFileSync(join(cwd, 'sdkconfig'), '# CONFIG_AT_MQTT is not set\n');
    await until(() => skipped() === 9);

    put(join(cwd, 'a.bin'), 'one');
    configure(cwd, { data: 'a.bin' });
    await until(() => partitionsOf().join() === 'data');
    rmSync(join(cwd, 'pki.config.json'));
    await until(() => partitionsOf().length === 9);
  });

  test('waits for a partition table that the config names and that is not there yet', async (t) => {
    const cwd = exampleCheckout(t);
    const table = join(cwd, 'module_config/module_esp32_default/at_customize.csv');
    put(join(cwd, 'pki.config.json'), JSON.stringify({ partitionTable: 'tables/mine.csv' }));
    const watch = await watching(t, cwd);
    assert.ok(codesOf(watch).includes('checkout-file'));
    mkdirSync(join(cwd, 'tables'));
    cpSync(table, join(cwd, 'tables/mine.csv'));
    await until(() => codesOf(watch).every((code) => code !== 'checkout-file'));
    assert.equal(watch.runs.at(-1)?.result.partitions.length, 9);
  });

  test('does not run for what it wrote itself, nor for a file that was only touched or read', async (t) => {
    const { cwd, watch } = await one(t, 'in', 'in/a.bin');
    configure(cwd, { data: 'in/a.bin', more: 'in/a.bin' });
    await until(() => holds(cwd, 'more', 'zero') && told(watch) === 1);
    const { length } = watch.runs;
    readFileSync(join(cwd, 'in/a.bin'));
    put(join(cwd, 'out/.more.bin.1-abcdef.at-pki-tmp'), 'left over');
    put(join(cwd, 'unrelated.txt'), 'x');
    put(join(cwd, 'in/a.bin'), 'one');
    await until(() => holds(cwd, 'more', 'one') && told(watch) === 2);
    assert.equal(watch.runs.length, length + 1);
  });

  test('keeps images beside their sources apart', async (t) => {
    const cwd = scratch(t);
    put(join(cwd, 'a.bin'), 'zero');
    const partitions = { data: { format: 'raw', files: 'a.bin', size: '4K' } };
    put(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: '.', partitions }));
    const watch = await watching(t, cwd);
    put(join(cwd, 'a.bin'), 'one');
    await until(() => readFileSync(join(cwd, 'data.bin'), 'utf8').startsWith('one'));
    await until(() => told(watch) === 1);
  });
});

test('a system that gives no more watches is said to, with what helps', async (t) => {
  for (const [code, limit] of [
    ['ENOSPC', 'max_user_watches'],
    ['EMFILE', 'max_user_instances'],
  ] as const) {
    const cwd = scratch(t);
    put(join(cwd, 'a.bin'), 'one');
    configure(cwd, { data: 'a.bin' });
    const watch = await watching(t, cwd, false, async ({ failed }) => ({
      async follow() {
        failed(Object.assign(new Error('refused'), { code }));
      },
      async close() {},
    }));
    const [problem, ...others] = await watch.end();
    assert.deepEqual(others, []);
    assert.equal(problem?.code, 'watch-failed');
    assert.match(`${problem?.message} ${problem?.hint}`, new RegExp(`${limit}.*--poll.*${limit}`));
    assert.ok(holds(cwd, 'data', 'one'), 'it was built all the same');
  }
});
