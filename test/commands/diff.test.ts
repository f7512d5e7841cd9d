import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nvsFolder } from '../support/nvs-folder.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const bins = join(fixtures, 'golden/atpki');
const faults = join(fixtures, 'pki/faults');

test('PKI bins: by type and ID, certificates by what they say', async () => {
  const { code, stdout, stderr } = await atPki(bins, 'diff', 'mqtt_ca.bin', 'wss_ca.bin');
  assert.deepEqual([code, stderr], [1, '']);
  assert.equal(
    stdout,
    `mqtt_ca.bin and wss_ca.bin differ: 1 changed, 1 only in the second
~ ca.0
    subject: O=at-pki fixtures, CN=mqtt root 0 → O=at-pki fixtures, CN=wss root 0
    issuer: O=at-pki fixtures, CN=mqtt root 0 → O=at-pki fixtures, CN=wss root 0
    serial number: 64C5235EED024AA17D9F7A6999B93E92C23408F0 → 0A129A412078CE0A6BB139C22F9C098F7146DC7B
    public key: SHA-256 4c52faaba6ac0d24… → SHA-256 84ed8ff742b4022d…
+ ca.1  ca, 566 bytes, CA certificate, EC P-256, O=at-pki fixtures, CN=wss root 1, until 2044-01-01
`,
  );
});

test('a dump of the partition is equal to its image', async (t) => {
  const folder = scratch(t);
  const image = readFileSync(join(bins, 'client_ca.bin'));
  writeFileSync(join(folder, 'a.bin'), image);
  writeFileSync(join(folder, 'b.bin'), Buffer.concat([image, Buffer.alloc(4000, 0xff)]));
  assert.deepEqual(await atPki(folder, 'diff', 'a.bin', 'b.bin'), {
    code: 0,
    stdout: 'a.bin and b.bin hold the same: 2 entries\n',
    stderr: '',
  });
});

test('NVS images: by namespace and key, wherever entries lie', async (t) => {
  const folder = await nvsFolder(t);
  await atPki(folder, 'nvs', 'generate', 'in.csv', 'other.bin', '64K', '--profile', 'legacy');
  const equal = await atPki(folder, 'diff', 'nvs.bin', 'other.bin');
  assert.deepEqual(equal, { code: 0, stdout: 'nvs.bin and other.bin hold the same: 10 entries\n', stderr: '' });

  for (const name of ['other.key', 'good_ca.crt']) cpSync(join(faults, name), join(folder, name));
  const edits = [
    ['set', 'other.bin', 'mqtt_cert', 'mqtt_cert', 'blob', '@good_ca.crt'],
    ['set', 'other.bin', 'mqtt_key', 'mqtt_key', 'blob', '@other.key'],
    ['set', 'other.bin', 'odd', 'pem', 'string', 'no key'],
    ['set', 'other.bin', 'settings', 'baud', 'i32', '115200'],
    ['set', 'other.bin', 'settings', 'small', 'u8', '7'],
    ['set', 'other.bin', 'settings', 'raw', 'hex2bin', '0103ff00'],
    ['delete', 'other.bin', 'odd', 'der'],
    ['set', 'other.bin', 'new', 'key', 'string', '@good.key'],
  ];
  for (const edit of edits) assert.equal((await atPki(folder, 'nvs', ...edit)).code, 0);
  const { code, stdout } = await atPki(folder, 'diff', 'nvs.bin', 'other.bin');
  assert.equal(code, 1);
  assert.equal(
    stdout.replace(/[0-9A-F]{38,40}/g, 'SERIAL').replace(/SHA-256 [0-9a-f]{16}…/g, 'HASH'),
    `nvs.bin and other.bin differ: 6 changed, 1 only in the first, 2 only in the second
~ mqtt_cert/mqtt_cert
    subject: O=at-pki fixtures, CN=faults leaf → O=at-pki fixtures, CN=faults root
    CA: no → yes
    serial number: SERIAL → SERIAL
    public key: HASH → HASH
~ mqtt_key/mqtt_key
    public key: HASH → HASH
~ odd/pem
    the secret value differs
- odd/der  blob, private key, RSA 2048
~ settings/baud
    value: 921600 → 115200
~ settings/small
    type: u64 → u8
~ settings/raw
    length: 3 bytes → 4 bytes
    bytes, from 0x1 on
+ new  namespace
+ new/key  string, private key, RSA 2048
`,
  );
});

test('as JSON', async (t) => {
  const folder = await nvsFolder(t);
  cpSync(join(folder, 'nvs.bin'), join(folder, 'b.bin'));
  await atPki(folder, 'nvs', 'set', 'b.bin', 'settings', 'baud', 'i32', '1');
  await atPki(folder, 'nvs', 'delete', 'b.bin', 'mqtt_key', 'mqtt_key');
  const { code, stdout } = await atPki(folder, 'diff', 'nvs.bin', 'b.bin', '--json');
  assert.equal(code, 1);
  assert.deepEqual(JSON.parse(stdout), {
    version: 1,
    ok: true,
    command: 'diff',
    a: 'nvs.bin',
    b: 'b.bin',
    format: 'nvs',
    equal: false,
    differences: [
      { change: 'removed', namespace: 'mqtt_key', key: 'mqtt_key', type: 'blob', value: 'private key, RSA 2048' },
      { change: 'changed', namespace: 'settings', key: 'baud', details: [{ what: 'value', a: '921600', b: '1' }] },
    ],
    diagnostics: [],
  });
});

test('an encrypted image against a plain one', async (t) => {
  const folder = await nvsFolder(t);
  await atPki(folder, 'nvs', 'encrypt', 'in.csv', 'e.bin', '24K', '--keygen', '--keyfile', 'k.bin');
  const { code, stdout } = await atPki(folder, 'diff', 'e.bin', 'nvs.bin', '--key', 'keys/k.bin');
  assert.deepEqual([code, stdout], [0, 'e.bin and nvs.bin hold the same: 10 entries\n']);
  assert.equal((await atPki(folder, 'diff', 'e.bin', 'nvs.bin')).code, 2);
});

test('certificates and keys in files, PEM or DER', async () => {
  const [same, rewritten, leaf] = await Promise.all([
    atPki(faults, 'diff', 'good.crt', 'good.crt'),
    atPki(faults, 'diff', 'good.crt', 'der.crt'),
    atPki(faults, 'diff', 'good.crt', 'expired.crt'),
  ]);
  assert.equal(same.code, 0);
  assert.equal(rewritten.code, 1);
  assert.match(rewritten.stdout, /^ {4}written differently, the content is the same: [\d,]+ bytes → [\d,]+ bytes$/m);
  assert.equal(leaf.code, 1);
  assert.match(leaf.stdout, /^ {4}valid until: 2044-01-01T00:00:00Z → \d{4}-/m);
});

test('what cannot be compared exits 2, as wrong use does', async (t) => {
  const folder = await nvsFolder(t);
  writeFileSync(join(folder, 'text'), 'nothing known');
  const first = async (...argv: string[]) => {
    const { code, stdout, stderr } = await atPki(folder, 'diff', ...argv);
    return [code, stdout, stderr.split('\n')[0]];
  };
  const bin = join(bins, 'mqtt_ca.bin');
  assert.deepEqual(await first('nvs.bin', 'nope.bin'), [2, '', 'error[image-unreadable]: nope.bin does not exist']);
  assert.deepEqual(await first('nvs.bin', 'text'), [
    2,
    '',
    'error[image-unknown]: text is nothing that can be compared',
  ]);
  assert.deepEqual(await first('nvs.bin', bin), [
    2,
    '',
    `error[usage]: nvs.bin is nvs, ${bin} is atpki: they cannot be compared`,
  ]);
  assert.equal((await first('nvs.bin'))[0], 2);
});
