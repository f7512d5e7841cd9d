import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type BuildReport, build } from '../../../src/index.ts';
import { fixtures, packageRoot } from '../../support/paths.ts';
import { type Cleanup, scratch } from '../../support/scratch.ts';

/** A folder with a config, the raw_data of the fixtures, and other files. */
function projectWith(t: Cleanup, config: unknown, files: Readonly<Record<string, string>> = {}): string {
  const folder = scratch(t);
  cpSync(join(fixtures, 'pki/raw_data'), join(folder, 'raw_data'), { recursive: true });
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify(config, undefined, 2));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const said = ({ diagnostics }: BuildReport): string[] =>
  diagnostics
    .filter((one) => one.severity !== 'info')
    .map(({ code, message, file, line, column }) => `${file}:${line}:${column} ${code}: ${message}`);

const table = [
  '# Name, Type, SubType, Offset, Size',
  'client_ca, 0x40, 7, 0x2e000, 8K',
  'mqtt_key, 0x40, 13, 0x39000, 8K',
  '',
].join('\n');

test('offset and size in every spelling, files as text and list, defaults by name', async (t) => {
  const cwd = projectWith(t, {
    rawData: 'raw_data',
    outDir: 'out',
    partitions: {
      client_ca: { files: ['client_ca/*.crt'], offset: '0x2e000', size: '8K' },
      client_cert: { offset: 172032, size: 8192 },
      client_key: { files: 'client_key', offset: '176K', size: '0x2000' },
      wpa2_ca: { files: ['wpa2_ca/wpa2_ca.pem'], offset: '212K', size: '1M' },
    },
  });
  const report = await build({ cwd });
  assert.deepEqual(said(report), []);
  assert.deepEqual(
    report.partitions.map(({ name, offset, size, file, status }) => [name, offset, size, file, status]),
    [
      ['client_ca', 0x2e000, 8192, 'out/client_ca.bin', 'built'],
      ['client_cert', 172032, 8192, 'out/client_cert.bin', 'built'],
      ['client_key', 180224, 8192, 'out/client_key.bin', 'built'],
      ['wpa2_ca', 217088, 1048576, 'out/wpa2_ca.bin', 'built'],
    ],
  );
  for (const name of ['client_ca', 'client_cert', 'client_key', 'wpa2_ca']) {
    assert.deepEqual(
      readFileSync(join(cwd, `out/${name}.bin`)),
      readFileSync(join(fixtures, `golden/atpki/${name}.bin`)),
    );
  }
});

test('a config may leave offsets out, unless it flashes', async (t) => {
  const partitions = { client_ca: { files: 'raw_data/client_ca', size: '8K' } };
  const without = await build({ cwd: projectWith(t, { partitions }) });
  assert.deepEqual(said(without), []);
  assert.equal(without.partitions[0]?.offset, undefined);
  assert.deepEqual(without.files, []);
  const flashing = await build({ cwd: projectWith(t, { partitions, flash: { port: 'auto' } }) });
  assert.deepEqual(said(flashing), [
    'pki.config.json:3:5 config-missing: client_ca has no offset, and this config flashes',
  ]);
});

test('a size is required, and a type where the name does not say it', async (t) => {
  const report = await build({ cwd: projectWith(t, { partitions: { client_ca: {}, other: { size: '8K' } } }) });
  assert.deepEqual(said(report), [
    'pki.config.json:3:5 config-missing: client_ca has no size',
    'pki.config.json:4:5 config-missing: other does not say what it holds',
  ]);
});

test('a named table gives offsets and sizes, and its binary form is written', async (t) => {
  const config = {
    rawData: 'raw_data',
    partitionTable: 'tables/mine.csv',
    partitions: { client_ca: {}, mqtt_key: { size: '8K' } },
  };
  const report = await build({ cwd: projectWith(t, config, { 'tables/mine.csv': table }) });
  assert.deepEqual(said(report), []);
  assert.deepEqual(
    report.partitions.map(({ name, offset, size }) => [name, offset, size]),
    [
      ['client_ca', 0x2e000, 8192],
      ['mqtt_key', 0x39000, 8192],
    ],
  );
  assert.equal(report.table?.file, 'build/customized_partitions/mine.bin');
});

test('where config and table both speak they must agree, and a partition must be in the table', async (t) => {
  const config = {
    rawData: 'raw_data',
    partitionTable: 'mine.csv',
    partitions: { client_ca: { offset: '0x2f000', size: '4K' }, client_cca: {}, mqtt_key: { offset: '0x39000' } },
  };
  const report = await build({ cwd: projectWith(t, config, { 'mine.csv': table }) });
  assert.deepEqual(said(report), [
    'pki.config.json:6:17 config-conflict: the offset of client_ca is 0x2f000 here and 0x2e000 in mine.csv',
    'pki.config.json:7:15 config-conflict: the size of client_ca is 4,096 (4K) here and 8,192 (8K) in mine.csv',
    'pki.config.json:9:5 config-conflict: client_cca is not in mine.csv: the firmware would not find it',
  ]);
  assert.deepEqual(report.partitions, []);
});

test('partitions of a config must not overlap, lie off a sector, or leave the flash', async (t) => {
  const report = await build({
    cwd: projectWith(t, {
      rawData: 'raw_data',
      flashSize: '1M',
      partitions: {
        client_ca: { offset: '0x2e000', size: '8K' },
        client_cert: { offset: '0x2f000', size: '8K' },
        mqtt_ca: { offset: '0x40100', size: 5000 },
        mqtt_key: { offset: '0xff000', size: '8K' },
      },
    }),
  });
  assert.deepEqual(said(report), [
    'pki.config.json:14:17 partition-alignment: mqtt_ca starts at 0x40100, within a sector; the flash is erased in sectors of 4K (0x1000)',
    'pki.config.json:15:15 partition-alignment: mqtt_ca has 5,000 bytes and ends within a sector; the flash is erased in sectors of 4K (0x1000)',
    'pki.config.json:10:17 partition-overlap: client_cert (0x2f000 to 0x30fff) overlaps client_ca (0x2e000 to 0x2ffff) by 4,096 bytes',
    'pki.config.json:19:15 partition-outside: mqtt_key (0xff000 to 0x100fff) reaches 4,096 bytes beyond the flash of 1M',
  ]);
});

test('headroom is a share or bytes, of the config or of a partition', async (t) => {
  const partitions = {
    client_ca: { size: '8K', headroom: '72%' },
    client_cert: { size: '8K', headroom: '73%' },
    mqtt_ca: { size: '4K', headroom: 3600 },
    mqtt_cert: { size: '4K' },
  };
  const report = await build({ cwd: projectWith(t, { rawData: 'raw_data', headroom: '10%', partitions }) });
  assert.equal(report.ok, true);
  assert.deepEqual(
    report.diagnostics.map(({ code, message }) => `${code}: ${message}`),
    [
      'headroom: client_cert leaves 5,968 of 8K bytes free, less than the 5,981 asked for',
      'headroom: mqtt_ca leaves 3,516 of 4K bytes free, less than the 3,600 asked for',
    ],
  );
});

test('each image has a file of its own, within the output folder', async (t) => {
  const report = await build({
    cwd: projectWith(t, {
      rawData: 'raw_data',
      partitions: {
        client_ca: { size: '8K', file: 'same.bin' },
        mqtt_ca: { size: '8K', file: 'same.bin' },
        wss_ca: { size: '8K', file: '../outside.bin' },
        https_ca: { size: '8K', file: 'flash_args' },
      },
    }),
  });
  assert.deepEqual(said(report), [
    'pki.config.json:10:15 config-value: same.bin is written by client_ca already',
    'pki.config.json:14:15 config-value: the file of wss_ca leads out of the output folder',
    'pki.config.json:18:15 config-value: flash_args is written by at-pki itself already',
  ]);
});

test('a raw partition is its file as it is, whatever its suffix', async (t) => {
  const config = { partitions: { blob: { format: 'raw', files: 'blob.xyz', size: '4K' } } };
  const cwd = projectWith(t, config, { 'blob.xyz': 'as it is' });
  assert.deepEqual(said(await build({ cwd })), []);
  assert.equal(readFileSync(join(cwd, 'build/customized_partitions/blob.bin'), 'utf8'), 'as it is');
});

test('a config without partitions adjusts what the checkout around it says', async (t) => {
  const cwd = scratch(t);
  cpSync(join(packageRoot, 'templates/example-checkout'), cwd, { recursive: true });
  rmSync(join(cwd, 'build'), { recursive: true, force: true });
  writeFileSync(
    join(cwd, 'pki.config.json'),
    '{ "outDir": "images", "headroom": "80%", "flash": { "frequency": "80m" } }',
  );
  const report = await build({ cwd });
  assert.equal(report.partitions.length, 9);
  assert.equal(report.partitions[0]?.file, 'images/server_cert.bin');
  assert.equal(report.diagnostics.filter(({ code }) => code === 'headroom').length, 4);
  assert.match(
    readFileSync(join(cwd, 'images/flash_args'), 'utf8'),
    /^--flash_mode dio --flash_freq 80m --flash_size 4MB\n/,
  );
  const nowhere = await build({ cwd: projectWith(t, { headroom: '10%' }) });
  assert.deepEqual(said(nowhere), [
    'pki.config.json:1:1 config-missing: the config names no partitions, and there is no esp-at checkout around it',
  ]);
});

test('a config in a checkout may take the table of its module', async (t) => {
  const cwd = scratch(t);
  cpSync(join(packageRoot, 'templates/example-checkout'), cwd, { recursive: true });
  const config = {
    module: 'esp32_default',
    rawData: 'components/customized_partitions/raw_data',
    partitions: { mqtt_ca: {} },
  };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify(config));
  const report = await build({ cwd });
  assert.deepEqual(said(report), []);
  assert.deepEqual(
    report.partitions.map(({ name, offset }) => [name, offset]),
    [['mqtt_ca', 0x35000]],
  );
  assert.equal(report.table?.offset, 0x20000);
});

test('files are packed in the order named, and a pattern repeats none', async (t) => {
  const files = ['client_ca/client_ca_01.crt', 'client_ca/*.crt'];
  const cwd = projectWith(t, { rawData: 'raw_data', partitions: { client_ca: { files, size: '8K' } } });
  const { partitions } = await build({ cwd });
  assert.deepEqual(
    partitions[0]?.items.map(({ file }) => file),
    ['raw_data/client_ca/client_ca_01.crt', 'raw_data/client_ca/client_ca_00.crt'],
  );
});

test('1,000 partitions are built', async (t) => {
  const names = Array.from({ length: 1000 }, (_, index) => `set${index}_ca`);
  const entries = names.map((name, index) => [name, { files: 'client_ca/*.crt', offset: index * 8192, size: '8K' }]);
  const cwd = projectWith(t, { rawData: 'raw_data', partitions: Object.fromEntries(entries) });
  const report = await build({ cwd, mode: 'plan' });
  assert.deepEqual(said(report), []);
  assert.equal(report.partitions.length, 1000);
});
