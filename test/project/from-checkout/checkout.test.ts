import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { given } from '../../../src/core/given.ts';
import { findCheckout } from '../../../src/project/from-checkout/checkout.ts';
import {
  checkout,
  customTable,
  defaults,
  mainTable,
  module,
  rawData,
  resolved,
  write,
} from '../../support/checkout.ts';
import { said } from '../../support/said.ts';
import { scratch } from '../../support/scratch.ts';

const one = module('module_one');
const pki = ['client_ca', 'client_cert', 'client_key', 'mqtt_ca'];

test('a checkout is found from any folder in it, and not elsewhere', (t) => {
  const root = checkout(t, { ...one, 'main/deep/er/': '' });
  assert.deepEqual(findCheckout(root), { root });
  assert.deepEqual(findCheckout(join(root, 'main/deep/er')), { root });
  assert.deepEqual(findCheckout(join(root, 'components/customized_partitions/raw_data')), { root });
  assert.equal(findCheckout(scratch(t)), undefined);
});

test('a checkout of v1.1 is known by the table in its root', (t) => {
  const root = scratch(t);
  write(root, { 'components/customized_partitions/': '' });
  assert.equal(findCheckout(root), undefined);
  write(root, { 'at_customize.csv': customTable });
  assert.deepEqual(findCheckout(root), { root });
});

test('a checkout as it was cloned gives all its certificate partitions', (t) => {
  const root = checkout(t, one);
  const { project, diagnostics } = resolved({ root });
  assert.deepEqual(diagnostics, []);
  assert.ok(project);
  assert.equal(project.module, 'module_one');
  assert.deepEqual(given(project.flash), { chip: 'esp32', size: 0x100000 });
  const out = join(root, 'build/customized_partitions');
  assert.deepEqual(
    project.partitions.map(({ place: _, ...partition }) => given(partition)),
    [
      ['client_ca', 'ca', 0x42000, 0x2000] as const,
      ['client_cert', 'cert', 0x44000, 0x2000] as const,
      ['client_key', 'key', 0x46000, 0x2000] as const,
      ['mqtt_ca', 'ca', 0x48000, 0x1000] as const,
    ].map(([name, kind, offset, size]) => {
      const path = `components/customized_partitions/raw_data/${name}`;
      const sources = [{ kind, base: root, path, order: 'name' }];
      return { name, format: 'atpki', file: join(out, `${name}.bin`), offset, size, sources };
    }),
  );
  assert.deepEqual(project.leftAlone, ['ble_data']);
  assert.deepEqual(project.skipped, []);
  assert.equal(project.table?.file, join(out, 'at_customize.bin'));
  assert.equal(project.table?.offset, 0x40000);
  assert.deepEqual([project.table?.region?.offset, project.table?.region?.size], [0x40000, 0x20000]);
  assert.equal(project.table?.entries.length, 5);
  assert.deepEqual(
    project.occupied.map(({ name }) => name),
    ['nvs', 'app'],
  );
});

test('a partition points at its row of the table', (t) => {
  const root = checkout(t, one);
  const place = resolved({ root }).project?.partitions[0]?.place;
  assert.equal(place?.file, join(root, 'module_config/module_one/at_customize.csv'));
  assert.equal(place?.line, 3);
  assert.match(place?.text ?? '', /^client_ca,/);
});

test('a checkout of v1.1 is resolved from the tables in its root', (t) => {
  const root = checkout(t, {
    'at_customize.csv': customTable,
    'partitions_at.csv': mainTable,
    'sdkconfig.defaults': 'CONFIG_ESPTOOLPY_FLASHSIZE_4MB=y\n',
    'components/customized_partitions/AT_partition_dependency': 'AT_NET_COMMAND_SUPPORT client_ca\n',
  });
  const { project, diagnostics } = resolved({ root });
  assert.deepEqual(diagnostics, []);
  assert.equal(project?.module, undefined);
  assert.deepEqual(given(project?.flash ?? {}), { chip: 'esp32', size: 0x400000 });
  assert.deepEqual(
    project?.partitions.map(({ name }) => name),
    pki,
  );
});

test('with a sdkconfig, only what it has switched on is built', (t) => {
  const root = checkout(t, {
    ...one,
    sdkconfig: `${defaults}CONFIG_AT_CLIENT=y\n# CONFIG_AT_MQTT is not set\nCONFIG_AT_MQTT_SUPPORT=y\n`,
  });
  const { project, diagnostics } = resolved({ root });
  assert.deepEqual(
    project?.partitions.map(({ name }) => name),
    ['client_ca', 'client_cert', 'client_key'],
  );
  assert.deepEqual(project?.skipped, [
    { name: 'mqtt_ca', offset: 0x48000, size: 0x1000, reason: 'sdkconfig does not set CONFIG_AT_MQTT=y' },
  ]);
  assert.deepEqual(said(root, diagnostics), [
    'info partition-skipped module_config/module_one/at_customize.csv:6 mqtt_ca is skipped: sdkconfig does not set CONFIG_AT_MQTT=y',
  ]);
});

test('the dependency file has another name since v3.1', (t) => {
  const root = checkout(t, {
    ...module('module_one', { 'at_customize.csv': 'my_ca,0x40,1,0x42000,8K\nclient_ca,0x40,2,0x44000,8K\n' }),
    ...rawData('my_ca'),
    sdkconfig: 'CONFIG_AT_MY=y\n',
    'components/customized_partitions/AT_partition_dependency': '',
    'components/customized_partitions/at_customized_config_dependency.txt': 'AT_MY=y my_ca\n',
  });
  const { project } = resolved({ root });
  assert.deepEqual(
    project?.skipped.map(({ name }) => name),
    ['my_ca', 'client_ca'],
  );
  const later = checkout(t, {
    ...module('module_one', { 'at_customize.csv': 'my_ca,0x40,1,0x42000,8K\n' }),
    ...rawData('my_ca'),
    sdkconfig: 'CONFIG_AT_MY=y\n',
  });
  assert.deepEqual(resolved({ root: later }).project?.skipped.length, 1);
});

test('a feature whose partition the table lacks is worth a warning', (t) => {
  const table = customTable.replace(/^mqtt_ca.*\n/m, '');
  const root = checkout(t, {
    ...module('module_one', { 'at_customize.csv': table }),
    sdkconfig: 'CONFIG_AT_CLIENT=y\nCONFIG_AT_MQTT=y\n',
  });
  const { project, diagnostics } = resolved({ root });
  assert.equal(project?.partitions.length, 3);
  assert.deepEqual(said(root, diagnostics), [
    'warning checkout-conflict sdkconfig sdkconfig has a feature on that needs the partition mqtt_ca, but the table has none',
  ]);
});

test('a partition without a raw_data folder is skipped with a note', (t) => {
  const table = `${customTable}wpa2_ca,0x40,9,0x4a000,4K\nwpa2_key,0x40,10,0x4b000,4K\n`;
  const root = checkout(t, {
    ...module('module_one', { 'at_customize.csv': table }),
    'components/customized_partitions/raw_data/wpa2_key': 'a file',
  });
  const { project, diagnostics } = resolved({ root });
  const raw = 'components/customized_partitions/raw_data';
  assert.deepEqual(project?.skipped, [
    { name: 'wpa2_ca', offset: 0x4a000, size: 0x1000, reason: `there is no folder ${raw}/wpa2_ca` },
    { name: 'wpa2_key', offset: 0x4b000, size: 0x1000, reason: `there is no folder ${raw}/wpa2_key` },
  ]);
  assert.deepEqual(
    diagnostics.map(({ code, severity, partition }) => [code, severity, partition]),
    [
      ['partition-skipped', 'info', 'wpa2_ca'],
      ['partition-skipped', 'info', 'wpa2_key'],
    ],
  );
  assert.equal(project?.partitions.length, 4);
});

test('the output folder can be another', (t) => {
  const root = checkout(t, one);
  const { project } = resolved({ root, outDir: join(root, 'build/bins') });
  assert.equal(project?.outDir, join(root, 'build/bins'));
  assert.equal(project?.partitions[0]?.file, join(root, 'build/bins/client_ca.bin'));
  assert.equal(project?.table?.file, join(root, 'build/bins/at_customize.bin'));
});

test('headroom is asked for by the size of the partition', (t) => {
  const root = checkout(t, one);
  const { project } = resolved({ root, headroom: (size) => size / 8 });
  assert.deepEqual(
    project?.partitions.map(({ headroom }) => headroom),
    [1024, 1024, 1024, 512],
  );
});

test('all mistakes of a table are reported, those of single rows and those between rows', (t) => {
  const table = [
    'client_ca,0x40,1,0x42000,8X',
    'client_cert,0x40,2,0x44000,8K',
    'client_key,0x40,3,0x45000,8K',
    'mqtt_ca,0x40,5,0x5f000,8K',
    'far_ca,0x40,6,0xff000,8K',
    '',
  ].join('\n');
  const root = checkout(
    t,
    module('module_one', { 'at_customize.csv': table, 'partitions_at.csv': 'at_customize,0x40,0,0x40000,128K\n' }),
  );
  const errors = resolved({ root }).diagnostics.filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors.map(({ code, place }) => [place?.line, code]),
    [
      [1, 'table-syntax'],
      [3, 'partition-overlap'],
      [4, 'partition-outside'],
      [5, 'partition-outside'],
      [5, 'partition-outside'],
    ],
  );
});

test('a table without any certificate partition is an error', (t) => {
  const root = checkout(t, module('module_one', { 'at_customize.csv': '# Name\nfatfs,data,fat,0x41000,64K\n' }));
  assert.deepEqual(said(root, resolved({ root }).diagnostics), [
    'error nothing-to-build module_config/module_one/at_customize.csv module_config/module_one/at_customize.csv has no partition for certificates: none is mfg_nvs or ends in _ca, _cert or _key',
  ]);
});

test('a partition name that would lead out of the folders is refused', (t) => {
  const root = checkout(t, module('module_one', { 'at_customize.csv': '../../x_ca,0x40,1,0x41000,4K\n' }));
  const { diagnostics } = resolved({ root });
  assert.equal(
    diagnostics.some(({ code, severity }) => code === 'table-name' && severity === 'error'),
    true,
  );
});

test('several modules and nothing that says which: an error, and no project', (t) => {
  const root = checkout(t, { ...one, ...module('module_two') });
  const { project, diagnostics } = resolved({ root });
  assert.equal(project, undefined);
  assert.deepEqual(
    diagnostics.map(({ code, severity }) => [code, severity]),
    [['module-ambiguous', 'error']],
  );
});
