import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type BuildOptions, type BuildReport, build } from '../../src/index.ts';
import { packageRoot } from '../support/paths.ts';
import { scratch } from '../support/scratch.ts';

const out = 'build/customized_partitions';
const rawData = 'components/customized_partitions/raw_data';

/** A copy of the example, and ways to build it and to look at what came out. */
function example(t: TestContext) {
  const cwd = scratch(t);
  cpSync(join(packageRoot, 'templates/example-checkout'), cwd, { recursive: true });
  rmSync(join(cwd, 'build'), { recursive: true, force: true });
  return {
    path: (...parts: string[]) => join(cwd, ...parts),
    image: (name: string) => join(cwd, out, name),
    run: (options: BuildOptions = {}) => build({ cwd, ...options }),
  };
}

/** Makes a certificate file as long as that by text in front of it, which the firmware passes over. */
function pad(file: string, length: number): void {
  const pem = readFileSync(file, 'latin1').replace(/^.*?-----BEGIN/s, '-----BEGIN');
  writeFileSync(file, `${'#'.repeat(length - pem.length - 1)}\n${pem}`);
}

const statuses = ({ partitions }: BuildReport): Set<string> => new Set(partitions.map(({ status }) => status));
const codes = ({ diagnostics }: BuildReport): string[] =>
  diagnostics.filter((one) => one.severity !== 'info').map((one) => one.code);

test('--check writes nothing, names what is stale, and is content after a build', async (t) => {
  const { path, run } = example(t);
  const before = await run({ mode: 'check' });
  assert.equal(before.ok, false);
  assert.deepEqual(statuses(before), new Set(['stale']));
  assert.equal(
    before.diagnostics.find((one) => one.code === 'stale')?.message,
    'server_cert.bin has not been built yet',
  );
  assert.throws(() => statSync(path('build')));
  await run();
  const after = await run({ mode: 'check' });
  assert.equal(after.ok, true);
  assert.deepEqual(statuses(after), new Set(['unchanged']));
  cpSync(path(rawData, 'server_ca/server_ca.crt'), path(rawData, 'mqtt_ca/mqtt_ca.crt'));
  const changed = await run({ mode: 'check' });
  assert.deepEqual(
    changed.partitions.filter((one) => one.status !== 'unchanged').map((one) => [one.name, one.status]),
    [['mqtt_ca', 'stale']],
  );
});

test('a dry run writes nothing and is no failure', async (t) => {
  const { path, run } = example(t);
  const report = await run({ mode: 'plan' });
  assert.equal(report.ok, true);
  assert.deepEqual(statuses(report), new Set(['planned']));
  assert.throws(() => statSync(path('build')));
});

test('--force writes equal images again, and never overrides an error', async (t) => {
  const { path, image, run } = example(t);
  await run();
  utimesSync(image('client_ca.bin'), 1, 1);
  await run();
  assert.equal(statSync(image('client_ca.bin')).mtimeMs, 1000);
  await run({ force: true });
  assert.notEqual(statSync(image('client_ca.bin')).mtimeMs, 1000);
  pad(path(rawData, 'client_ca/client_ca_00.crt'), 9000);
  const old = readFileSync(image('client_ca.bin'));
  const refused = await run({ force: true });
  assert.deepEqual(codes(refused), ['partition-full']);
  assert.deepEqual(readFileSync(image('client_ca.bin')), old);
});

test('a bin that does not fit is refused with the numbers and the largest file', async (t) => {
  const { path, run } = example(t);
  pad(path(rawData, 'client_ca/client_ca_01.crt'), 8000);
  const { diagnostics } = await run();
  const full = diagnostics.find((one) => one.code === 'partition-full');
  assert.equal(full?.message, 'client_ca needs 9,124 bytes, its partition holds 8,192 (932 too many)');
  assert.equal(full.hint, `the largest file is ${rawData}/client_ca/client_ca_01.crt (8,000 bytes)`);
  assert.equal(full.file, 'module_config/module_esp32_default/at_customize.csv');
  assert.equal(full.line, 8);
});

test('a bin may fill its partition to the last byte', async (t) => {
  const { path, run } = example(t);
  // Header 8, item header 4.
  pad(path(rawData, 'mqtt_ca/mqtt_ca.crt'), 8192 - 12);
  assert.equal((await run()).ok, true);
  pad(path(rawData, 'mqtt_ca/mqtt_ca.crt'), 8192 - 11);
  assert.deepEqual(codes(await run()), ['partition-full']);
});

test('images that hold keys are 0600, and a wrong mode is corrected without rewriting', {
  skip: process.platform === 'win32',
}, async (t) => {
  const { image, run } = example(t);
  await run();
  const mode = (name: string) => statSync(image(name)).mode & 0o777;
  assert.equal(mode('client_key.bin'), 0o600);
  assert.notEqual(mode('client_ca.bin'), 0o600);
  chmodSync(image('client_key.bin'), 0o644);
  utimesSync(image('client_key.bin'), 1, 1);
  const check = await run({ mode: 'check' });
  assert.equal(check.diagnostics[0]?.message, 'client_key.bin holds a private key that others can read');
  await run();
  assert.equal(mode('client_key.bin'), 0o600);
  assert.equal(statSync(image('client_key.bin')).mtimeMs, 1000);
});

test('a key pasted into a certificate file makes its image a secret, too', {
  skip: process.platform === 'win32',
}, async (t) => {
  const { path, image, run } = example(t);
  cpSync(path(rawData, 'client_key/client_key_00.key'), path(rawData, 'mqtt_cert/mqtt_client.crt'));
  const levels = { 'private-key-exposed': 'warning', 'slot-kind': 'warning', 'key-mismatch': 'off' } as const;
  await run({ levels });
  assert.equal(statSync(image('mqtt_cert.bin')).mode & 0o777, 0o600);
});

test('naming partitions builds these alone; flash_args still tells of all that is there', async (t) => {
  const { image, run } = example(t);
  const first = await run({ partitions: ['client_ca', 'mqtt_key'] });
  assert.deepEqual(
    first.partitions.map((one) => one.name),
    ['client_ca', 'mqtt_key'],
  );
  assert.equal(
    readFileSync(image('flash_args'), 'utf8'),
    [
      '--flash_mode dio --flash_freq 40m --flash_size 4MB',
      '0x20000 at_customize.bin',
      '0x2e000 client_ca.bin',
      '0x33000 mqtt_key.bin',
      '',
    ].join('\n'),
  );
  await run();
  const whole = readFileSync(image('flash_args'), 'utf8');
  await run({ partitions: ['client_ca'], force: true });
  assert.equal(readFileSync(image('flash_args'), 'utf8'), whole);
});

test('a name that is no partition is wrong use, with the one that was meant', async (t) => {
  const { run } = example(t);
  const { diagnostics, partitions } = await run({ partitions: ['clientca'] });
  assert.deepEqual(partitions, []);
  assert.deepEqual(diagnostics, [
    {
      code: 'usage',
      severity: 'error',
      message: 'there is no partition "clientca" to build',
      hint: 'did you mean client_ca?',
    },
  ]);
});

test('a partition without a folder is skipped with its reason; others of the table are left alone', async (t) => {
  const { path, run } = example(t);
  rmSync(path(rawData, 'mqtt_ca'), { recursive: true });
  const { ok, partitions, diagnostics } = await run();
  assert.equal(ok, true);
  const skipped = partitions.find((one) => one.name === 'mqtt_ca');
  assert.equal(skipped?.status, 'skipped');
  assert.match(skipped.reason ?? '', /there is no folder .*raw_data\/mqtt_ca/);
  const alone = diagnostics.find((one) => one.code === 'partition-left-alone');
  assert.equal(alone?.message, 'left alone, since they hold no certificates: ble_data, factory_param');
});

test('what cannot be written is said, and the rest is written all the same', async (t) => {
  const { image, run } = example(t);
  mkdirSync(image('client_ca.bin'), { recursive: true });
  const report = await run();
  assert.deepEqual(codes(report), ['write-failed']);
  assert.equal(report.partitions.find((one) => one.name === 'client_ca')?.status, 'failed');
  assert.equal(report.partitions.find((one) => one.name === 'mqtt_ca')?.status, 'built');
});

test('no temporary file is left, and those of dead builds are swept', async (t) => {
  const { image, run } = example(t);
  await run();
  writeFileSync(image('.client_ca.bin.999999999-abcdef.at-pki-tmp'), 'left behind');
  await run();
  assert.deepEqual(
    readdirSync(image('.')).filter((name) => name.startsWith('.')),
    [],
  );
});

test('two builds at once end with whole images', async (t) => {
  const { run } = example(t);
  const reports = await Promise.all([run({ force: true }), run({ force: true }), run({ force: true })]);
  assert.deepEqual(
    reports.map(({ ok }) => ok),
    [true, true, true],
  );
  assert.equal((await run({ mode: 'check' })).ok, true);
});
