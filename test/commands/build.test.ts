import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exampleCheckout } from '../support/example-checkout.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';

const out = 'build/customized_partitions';
const rawData = 'components/customized_partitions/raw_data';

test('in a checkout, without a config: one bin a partition, byte for byte what the reference packs', async (t) => {
  const checkout = exampleCheckout(t);
  const { code, stderr } = await atPki(checkout, 'build');
  assert.equal(stderr, '');
  assert.equal(code, 0);
  for (const set of ['client', 'server', 'mqtt']) {
    for (const kind of ['ca', 'cert', 'key']) {
      const name = `${set}_${kind}.bin`;
      assert.deepEqual(
        readFileSync(join(checkout, out, name)),
        readFileSync(join(fixtures, 'golden/atpki', name)),
        name,
      );
    }
  }
});

test('what did not change is not written again', async (t) => {
  const checkout = exampleCheckout(t);
  await atPki(checkout, 'build');
  const times = () =>
    ['client_ca.bin', 'at_customize.bin', 'flash_args'].map((name) => statSync(join(checkout, out, name)).mtimeMs);
  const before = times();
  cpSync(join(checkout, rawData, 'server_ca/server_ca.crt'), join(checkout, rawData, 'mqtt_ca/mqtt_ca.crt'));
  const { stdout } = await atPki(checkout, 'build', '--json');
  const { partitions } = JSON.parse(stdout) as { partitions: { name: string; status: string }[] };
  assert.deepEqual(
    partitions.filter(({ status }) => status !== 'unchanged').map(({ name, status }) => [name, status]),
    [['mqtt_ca', 'built']],
  );
  assert.deepEqual(times(), before);
});

test('a key that cannot be packed holds back its set, not the others, and the old images stay', async (t) => {
  const checkout = exampleCheckout(t);
  await atPki(checkout, 'build');
  const old = readFileSync(join(checkout, out, 'client_ca.bin'));
  writeFileSync(join(checkout, rawData, 'client_key/client_key_01.key'), '');
  cpSync(
    join(checkout, rawData, 'client_cert/client_cert_00.crt'),
    join(checkout, rawData, 'client_cert/client_cert_01.crt'),
  );
  cpSync(join(checkout, rawData, 'server_ca/server_ca.crt'), join(checkout, rawData, 'client_ca/client_ca_00.crt'));
  cpSync(join(checkout, rawData, 'client_ca/client_ca_01.crt'), join(checkout, rawData, 'mqtt_ca/mqtt_ca.crt'));
  const { code, stdout } = await atPki(checkout, 'build', '--json');
  assert.equal(code, 1);
  const report = JSON.parse(stdout) as {
    partitions: { name: string; status: string }[];
    diagnostics: { code: string; severity: string }[];
  };
  const statusOf = (name: string) => report.partitions.find((one) => one.name === name)?.status;
  assert.deepEqual(['client_key', 'client_ca', 'mqtt_ca'].map(statusOf), ['failed', 'skipped', 'built']);
  assert.deepEqual(
    report.diagnostics.filter((one) => one.severity === 'error').map((one) => one.code),
    ['empty-file'],
  );
  assert.deepEqual(readFileSync(join(checkout, out, 'client_ca.bin')), old);
});

/** `name status` of each partition in the JSON report. */
async function statuses(checkout: string, ...argv: string[]): Promise<string[]> {
  const { stdout } = await atPki(checkout, 'build', '--json', ...argv);
  const { partitions } = JSON.parse(stdout) as { partitions: { name: string; status: string }[] };
  return partitions.map(({ name, status }) => `${name} ${status}`);
}

test('only the partitions that are named are built', async (t) => {
  const checkout = exampleCheckout(t);
  assert.deepEqual(await statuses(checkout, 'client_ca', 'mqtt_key'), ['client_ca built', 'mqtt_key built']);
  assert.deepEqual(
    readdirSync(join(checkout, out)).filter((name) => /_(ca|cert|key)\.bin$/.test(name)),
    ['client_ca.bin', 'mqtt_key.bin'],
  );
});

test('a partition that does not exist: the near name is suggested, nothing is written', async (t) => {
  const checkout = exampleCheckout(t);
  const { code, stderr, stdout } = await atPki(checkout, 'build', 'client_ca', 'clinet_key');
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(
    stderr,
    /^error\[usage\]: there is no partition "clinet_key" to build\n {2}→ did you mean client_key\?\n/,
  );
  const far = await atPki(checkout, 'build', 'xyz');
  assert.match(far.stderr, /→ there are server_cert, server_key, server_ca, client_cert, /);
  assert.ok(!existsSync(join(checkout, out)));
});

test('--check writes nothing and fails until everything is built; --dry-run writes nothing and does not', async (t) => {
  const checkout = exampleCheckout(t);
  assert.equal((await atPki(checkout, 'build', '--dry-run')).code, 0);
  assert.equal((await statuses(checkout, '--dry-run'))[0], 'server_cert planned');
  const stale = await atPki(checkout, 'build', '--check');
  assert.equal(stale.code, 1);
  assert.match(stale.stderr, /^error\[stale\]: server_cert.bin has not been built yet\n.*\n {2}→ run at-pki build\n/);
  assert.ok(!existsSync(join(checkout, out)));
  await atPki(checkout, 'build');
  assert.deepEqual(await atPki(checkout, 'build', '--check', '--quiet'), { code: 0, stdout: '', stderr: '' });
  writeFileSync(join(checkout, out, 'client_ca.bin'), 'other');
  assert.equal((await statuses(checkout, '--check')).filter((one) => one.endsWith('stale')).join(), 'client_ca stale');
});

test('from a folder below the checkout, and with --cwd: the same, with paths from there', async (t) => {
  const checkout = exampleCheckout(t);
  const { code, stdout } = await atPki(join(checkout, rawData), 'build', '--json');
  assert.equal(code, 0);
  const { partitions } = JSON.parse(stdout) as { partitions: { file: string }[] };
  assert.equal(partitions[0]?.file, '../../../build/customized_partitions/server_cert.bin');
  assert.equal((await atPki('/', 'build', '--cwd', checkout, '--check')).code, 0);
});

test('what a folder leaves out is noted, and the build goes on', async (t) => {
  const checkout = exampleCheckout(t);
  for (const name of ['README.md', 'client_ca_00.crt~', 'notes.txt']) {
    writeFileSync(join(checkout, rawData, 'client_ca', name), 'x');
  }
  const { code, stderr } = await atPki(checkout, 'build');
  assert.equal(code, 0);
  assert.equal(
    stderr,
    `note[unused-file]: left out of ${rawData}/client_ca: README.md (a README); ` +
      "client_ca_00.crt~ (an editor's backup); notes.txt (not .pem, .der, .cer, .crt)\n" +
      `  --> ${rawData}/client_ca\n`,
  );
  assert.deepEqual(
    readFileSync(join(checkout, out, 'client_ca.bin')),
    readFileSync(join(fixtures, 'golden/atpki/client_ca.bin')),
  );
});
