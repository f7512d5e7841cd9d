import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fixtures, packageRoot } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const out = 'build/customized_partitions';
const rawData = 'components/customized_partitions/raw_data';

function exampleCheckout(t: TestContext): string {
  const folder = scratch(t);
  cpSync(join(packageRoot, 'templates/example-checkout'), folder, { recursive: true });
  rmSync(join(folder, 'build'), { recursive: true, force: true });
  return folder;
}

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
  const old = readFileSync(join(checkout, out, 'client_cert.bin'));
  writeFileSync(join(checkout, rawData, 'client_key/client_key_01.key'), '');
  writeFileSync(join(checkout, rawData, 'client_cert/client_cert_01.crt'), 'new');
  writeFileSync(join(checkout, rawData, 'server_cert/server_cert.crt'), 'new');
  const { code, stdout } = await atPki(checkout, 'build', '--json');
  assert.equal(code, 1);
  const report = JSON.parse(stdout) as {
    partitions: { name: string; status: string }[];
    diagnostics: { code: string; severity: string }[];
  };
  const statusOf = (name: string) => report.partitions.find((one) => one.name === name)?.status;
  assert.deepEqual(['client_key', 'client_cert', 'server_cert'].map(statusOf), ['failed', 'skipped', 'built']);
  assert.deepEqual(
    report.diagnostics.filter((one) => one.severity === 'error').map((one) => one.code),
    ['empty-file'],
  );
  assert.deepEqual(readFileSync(join(checkout, out, 'client_cert.bin')), old);
});
