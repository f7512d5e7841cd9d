import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeTable } from '../../../src/partition-table/binary.ts';
import { parseTableCsv } from '../../../src/partition-table/csv.ts';
import { checkout, customTable, defaults, module, resolved, write } from '../../support/checkout.ts';
import { said } from '../../support/said.ts';

const one = module('module_one');
const pki = ['client_ca', 'client_cert', 'client_key', 'mqtt_ca'];

test('sdkconfig says which table, module or not', (t) => {
  const root = checkout(t, {
    ...one,
    ...module('module_two'),
    sdkconfig: 'CONFIG_AT_CUSTOMIZED_PARTITION_TABLE_FILE="module_config/module_two/mine.csv"\n',
    'module_config/module_two/mine.csv': 'client_ca,0x40,1,0x42000,8K\n',
  });
  const { project, diagnostics } = resolved({ root });
  assert.equal(project?.module, 'module_two');
  assert.equal(project?.table?.csv, join(root, 'module_config/module_two/mine.csv'));
  assert.equal(project?.table?.file, join(root, 'build/customized_partitions/mine.bin'));
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['partition-skipped'],
  );
});

test('a sdkconfig of another module than the one asked for is followed, with a warning', (t) => {
  const root = checkout(t, {
    ...one,
    ...module('module_two'),
    sdkconfig:
      '# a comment\nCONFIG_AT_CUSTOMIZED_PARTITION_TABLE_FILE="module_config/module_two/at_customize.csv"\nCONFIG_AT_CLIENT=y\nCONFIG_AT_MQTT=y\n',
  });
  const { project, diagnostics } = resolved({ root, module: 'one' });
  assert.equal(project?.table?.csv, join(root, 'module_config/module_two/at_customize.csv'));
  assert.deepEqual(said(root, diagnostics), [
    'warning checkout-conflict sdkconfig:2 the module is module_one, but sdkconfig names the table module_config/module_two/at_customize.csv; sdkconfig is followed',
  ]);
});

for (const option of ['AT_CUSTOMIZED_PARTITION_TABLE_FILE', 'PARTITION_TABLE_CUSTOM_FILENAME']) {
  for (const [what, name, shown] of [
    ['a NUL', 'x\0.csv', 'x\\x00.csv'],
    ['a name that is too long', 'x'.repeat(300), 'x'.repeat(300)],
  ] as const) {
    /** The system refuses even to look there, and an exception would end the build. */
    test(`${what} in ${option} is an error at that line`, (t) => {
      const root = checkout(t, { ...one, sdkconfig: `CONFIG_${option}="${name}"\n` });
      const messages = said(root, resolved({ root }).diagnostics);
      assert.match(
        messages.join('\n'),
        new RegExp(`sdkconfig:1 sdkconfig names the .*table ${shown.replace('\\', '..?')}, which`),
      );
    });
  }
}

for (const name of ['sdkconfig', 'components/customized_partitions/AT_partition_dependency']) {
  /** A chip or a partition of that name would reach esptool and the file system, where Node throws. */
  test(`a NUL anywhere in ${name} is an error where it stands`, (t) => {
    const root = checkout(t, { ...one, [name]: '# x\nAT_X=y a\0b_ca\n' });
    const messages = said(root, resolved({ root }).diagnostics);
    assert.ok(messages.includes(`error checkout-file ${name}:2 a NUL character stands here`), messages.join('\n'));
  });
}

test('a table that sdkconfig names and that does not exist is an error at that line', (t) => {
  const root = checkout(t, { ...one, sdkconfig: 'CONFIG_AT_CUSTOMIZED_PARTITION_TABLE_FILE="gone.csv"\n' });
  const { project, diagnostics } = resolved({ root });
  assert.equal(project, undefined);
  assert.deepEqual(said(root, diagnostics), [
    'error checkout-file sdkconfig:1 sdkconfig names the table gone.csv, which does not exist',
  ]);
});

test('a module without a table takes that of the root; without one there is an error', (t) => {
  const table = { 'module_config/module_one/sdkconfig.defaults': defaults };
  const root = checkout(t, { ...table, 'at_customize.csv': customTable });
  assert.equal(resolved({ root }).project?.table?.csv, join(root, 'at_customize.csv'));
  const without = checkout(t, table);
  assert.deepEqual(said(without, resolved({ root: without }).diagnostics), [
    'error checkout-file module_config/module_one/at_customize.csv there is no at_customize.csv',
  ]);
});

test('--table needs no module', (t) => {
  const root = checkout(t, { ...one, ...module('module_two'), 'tables/custom.csv': customTable });
  const { project, diagnostics } = resolved({ root, table: join(root, 'tables/custom.csv') });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual([project?.module, project?.flash, project?.table?.region], [undefined, {}, undefined]);
  assert.equal(project?.table?.file, join(root, 'build/customized_partitions/custom.bin'));
  assert.equal(project?.partitions.length, 4);
});

test('--table goes before the table of sdkconfig and of the module', (t) => {
  const root = checkout(t, {
    ...one,
    'mine/custom.csv': 'client_ca,0x40,1,0x42000,8K\n',
    sdkconfig:
      'CONFIG_AT_CUSTOMIZED_PARTITION_TABLE_FILE="module_config/module_one/at_customize.csv"\nCONFIG_AT_CLIENT=y\n',
  });
  const { project } = resolved({ root, table: join(root, 'mine/custom.csv'), module: 'one' });
  assert.equal(project?.table?.csv, join(root, 'mine/custom.csv'));
  assert.equal(project?.module, 'module_one');
});

test('a partitions_at.csv beside --table is its main table', (t) => {
  const root = checkout(t, {
    ...one,
    'tables/at_customize.csv': 'client_ca,0x40,1,0x82000,8K\n',
    'tables/partitions_at.csv': 'at_customize,0x40,0,0x80000,64K\n',
  });
  const { project, diagnostics } = resolved({ root, table: join(root, 'tables/at_customize.csv') });
  assert.deepEqual(diagnostics, []);
  assert.equal(project?.table?.offset, 0x80000);
});

test('with --table, a module that cannot be made out is a warning at most', (t) => {
  const root = checkout(t, { ...one, ...module('module_two'), 'custom.csv': customTable });
  const unknown = resolved({ root, table: join(root, 'custom.csv'), module: 'three' });
  assert.deepEqual(
    unknown.diagnostics.map(({ code, severity }) => [code, severity]),
    [['module-unknown', 'warning']],
  );
  assert.equal(unknown.project?.partitions.length, 4);
  write(root, { 'build/module_info.json': '{' });
  const broken = resolved({ root, table: join(root, 'custom.csv') });
  assert.deepEqual(
    broken.diagnostics.map(({ code, severity }) => [code, severity]),
    [['checkout-file', 'warning']],
  );
});

test('a --table that does not exist, or is a folder, is an error', (t) => {
  const root = checkout(t, { ...one, 'folder/': '' });
  assert.deepEqual(said(root, resolved({ root, table: join(root, 'gone.csv') }).diagnostics), [
    'error checkout-file gone.csv there is no such partition table',
  ]);
  assert.deepEqual(said(root, resolved({ root, table: join(root, 'folder') }).diagnostics), [
    'error checkout-file folder it cannot be read (EISDIR)',
  ]);
});

test('a binary table serves as well as its CSV', (t) => {
  const root = checkout(t, one);
  const table = Buffer.from(encodeTable(parseTableCsv(customTable, 'at_customize.csv').entries));
  write(root, { 'device/table.bin': '' });
  write(root, { 'device/table.bin': table });
  const { project, diagnostics } = resolved({ root, table: join(root, 'device/table.bin') });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    project?.partitions.map(({ name }) => name),
    pki,
  );
});

test('where sdkconfig and the main table disagree on the table, the main table is followed, with a warning', (t) => {
  const root = checkout(
    t,
    module('module_one', { 'sdkconfig.defaults': `${defaults}CONFIG_AT_CUSTOMIZED_PARTITION_TABLE_OFFSET=0x30000\n` }),
  );
  const { project, diagnostics } = resolved({ root });
  assert.equal(project?.table?.offset, 0x40000);
  assert.deepEqual(said(root, diagnostics), [
    'warning checkout-conflict module_config/module_one/sdkconfig.defaults:3 module_config/module_one/sdkconfig.defaults puts the table at 0x30000, but module_config/module_one/partitions_at.csv has at_customize at 0x40000; the latter is followed',
  ]);
});

test('without a main table, the configured offset says where the table goes', (t) => {
  const root = checkout(t, {
    'module_config/module_one/at_customize.csv': 'client_ca,0x40,1,,8K\n',
    'module_config/module_one/sdkconfig.defaults': 'CONFIG_AT_CUSTOMIZED_PARTITION_TABLE_OFFSET=0x30000\n',
  });
  const { project, diagnostics } = resolved({ root });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    [project?.table?.offset, project?.table?.region, project?.partitions[0]?.offset],
    [0x30000, undefined, 0x31000],
  );
});

test('the main table that sdkconfig names is used, unless it stands there by default only', (t) => {
  const files = { ...one, 'main.csv': 'at_customize,0x40,0,0x41000,64K\n' };
  const named = 'CONFIG_PARTITION_TABLE_CUSTOM_FILENAME="main.csv"\nCONFIG_AT_CLIENT=y\nCONFIG_AT_MQTT=y\n';
  const offset = (sdkconfig: string) => resolved({ root: checkout(t, { ...files, sdkconfig }) }).project?.table?.offset;
  assert.equal(offset(`CONFIG_PARTITION_TABLE_CUSTOM=y\n${named}`), 0x41000);
  assert.equal(offset(named), 0x41000);
  assert.equal(offset(`# CONFIG_PARTITION_TABLE_CUSTOM is not set\n${named}`), 0x40000);
});

test('a main table without at_customize is worth a warning', (t) => {
  const root = checkout(t, module('module_one', { 'partitions_at.csv': 'nvs,data,nvs,0x10000,32K\n' }));
  const { diagnostics } = resolved({ root });
  assert.deepEqual(said(root, diagnostics), [
    'warning checkout-conflict module_config/module_one/partitions_at.csv module_config/module_one/partitions_at.csv has no partition at_customize: the firmware would not find its certificates',
  ]);
});
