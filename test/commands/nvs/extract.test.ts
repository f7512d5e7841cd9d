import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BuiltItem, flash, namespace } from '../../support/nvs-builder.ts';
import { nvsFolder } from '../../support/nvs-folder.ts';
import { atPki, atPkiIn } from '../../support/run-rig.ts';
import { scratch } from '../../support/scratch.ts';

const now = () => new Date('2043-12-30T12:00:00Z');

test('inspect: namespaces, keys, lengths, certificates described, pages', async (t) => {
  const folder = await nvsFolder(t);
  const { code, stdout, stderr } = await atPkiIn({ cwd: folder, now }, 'inspect', 'nvs.bin');
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout,
    `nvs.bin: NVS, 24,576 bytes, 4 namespaces, 10 entries, 251 slots used, 0 erased, 379 free
  mqtt_cert
    mqtt_cert  blob, 1,099 bytes
      certificate, RSA 2048
      subject  O=at-pki fixtures, CN=faults leaf
      issuer   O=at-pki fixtures, CN=faults root
      valid    2024-01-01 to 2044-01-01 (1 day left)
  mqtt_key
    mqtt_key  blob, 1,675 bytes
      private key, RSA 2048
  odd
    pem  string, 1,675 bytes
      private key, RSA 2048
    der  blob, 1,217 bytes
      private key, RSA 2048
    base64  string, 1,624 bytes
      private key
  settings
    name  string, 4 bytes
    baud  i32, 4 bytes
    big  u64, 8 bytes
    small  u64, 8 bytes
    raw  blob, 3 bytes
  page 0  full    sequence 0  version 2  95 used  0 erased  31 free
  page 1  full    sequence 1  version 2  95 used  0 erased  31 free
  page 2  active  sequence 2  version 2  61 used  0 erased  65 free
  pages 3 to 5  empty
`,
  );
});

test('inspect as JSON, of an encrypted image in a larger dump', async (t) => {
  const folder = await nvsFolder(t);
  await atPki(folder, 'nvs', 'encrypt', 'in.csv', 'e.bin', '24K', '--keygen', '--keyfile', 'k.bin');
  const dump = Buffer.concat([Buffer.alloc(0x1000, 0x5a), readFileSync(join(folder, 'e.bin'))]);
  writeFileSync(join(folder, 'flash.bin'), dump);
  const { stdout } = await atPki(folder, 'inspect', 'flash.bin', '--key', 'keys/k.bin', '--json');
  const document = JSON.parse(stdout) as Record<string, unknown> & {
    namespaces: { name: string; entries: unknown[] }[];
  };
  assert.deepEqual([document.format, document.offset, document.size], ['nvs', 0x1000, 0x6000]);
  assert.deepEqual(document.slots, { used: 251, erased: 0, free: 379 });
  assert.deepEqual(document.namespaces[1], {
    name: 'mqtt_key',
    entries: [{ key: 'mqtt_key', type: 'blob', length: 1675, contents: [{ what: 'private key', key: 'RSA 2048' }] }],
  });
});

test('extract: a file for each string and blob, the rest in a CSV that makes the image again', async (t) => {
  const folder = await nvsFolder(t);
  const { code, stdout } = await atPki(folder, 'extract', 'nvs.bin', '-o', 'out');
  assert.deepEqual([code, stdout], [0, '8 files written to out\n']);
  const files = readdirSync(join(folder, 'out'), { recursive: true })
    .map(String)
    .filter((name) => name.includes('.'));
  assert.deepEqual(files.sort(), [
    'mqtt_cert/mqtt_cert.crt',
    'mqtt_key/mqtt_key.key',
    'nvs.csv',
    'odd/base64.key',
    'odd/der.der',
    'odd/pem.key',
    'settings/name.txt',
    'settings/raw.bin',
  ]);
  for (const name of ['mqtt_key/mqtt_key.key', 'odd/base64.key', 'odd/der.der', 'odd/pem.key']) {
    assert.equal(statSync(join(folder, 'out', name)).mode & 0o777, 0o600, name);
  }
  assert.deepEqual(readFileSync(join(folder, 'out/mqtt_key/mqtt_key.key')), readFileSync(join(folder, 'good.key')));
  await atPki(folder, 'nvs', 'generate', 'out/nvs.csv', 'again.bin', '24K');
  assert.deepEqual(readFileSync(join(folder, 'again.bin')), readFileSync(join(folder, 'nvs.bin')));
});

test('extract writes over nothing without --force, and then nothing at all', async (t) => {
  const folder = await nvsFolder(t);
  mkdirSync(join(folder, 'out/settings'), { recursive: true });
  writeFileSync(join(folder, 'out/settings/name.txt'), 'mine');
  const { code, stderr } = await atPki(folder, 'extract', 'nvs.bin', '-o', 'out');
  assert.equal(code, 1);
  assert.match(stderr, /^error\[file-exists\]: out\/settings\/name\.txt exists already$/m);
  assert.deepEqual(readdirSync(join(folder, 'out')), ['settings']);
  assert.equal((await atPki(folder, 'extract', 'nvs.bin', '-o', 'out', '--force')).code, 0);
  assert.equal(readFileSync(join(folder, 'out/settings/name.txt'), 'utf8'), 'a, b');
});

test('a link in the place of a namespace is not followed', async (t) => {
  const folder = await nvsFolder(t);
  for (const name of ['out', 'elsewhere']) mkdirSync(join(folder, name));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'out/settings'));
  const { code, stderr } = await atPki(folder, 'extract', 'nvs.bin', '-o', 'out', '--force');
  assert.equal(code, 1);
  assert.match(stderr, /^error\[file-exists\]: out\/settings is a link$/m);
  assert.deepEqual([readdirSync(join(folder, 'out')), readdirSync(join(folder, 'elsewhere'))], [['settings'], []]);
});

test('names that lead elsewhere, or are none, stay in the folder; none is lost', async (t) => {
  const folder = scratch(t);
  const names = ['..', '.', '/', 'a/b', 'a_b', 'A_b', '../../x', 'con', 'nul.txt', 'nl\nx', 'é', 'end.', '-o'];
  const text = (key: string): BuiltItem => ({ namespace: 1, type: 'string', key, data: `${key}\0` });
  const spaces = [namespace('..', 1), namespace('nvs.csv', 2), namespace('/', 3)];
  const others: BuiltItem[] = [2, 3].map((number) => ({ namespace: number, type: 'string', key: 'k', data: 'v\0' }));
  const items = [...spaces, ...names.map(text), ...others];
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in/a.bin'), flash({ items }, undefined, undefined));
  const { code, stderr } = await atPki(join(folder, 'in'), 'extract', 'a.bin', '-o', 'out');
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual([readdirSync(folder), readdirSync(join(folder, 'in')).sort()], [['in'], ['a.bin', 'out']]);
  const out = join(folder, 'in/out');
  const files = readdirSync(out, { recursive: true }).map((name) => join(out, String(name)));
  const contents = files.filter((name) => statSync(name).isFile()).map((name) => readFileSync(name, 'utf8'));
  for (const name of names) assert.ok(contents.includes(name), JSON.stringify(name));
  assert.equal(contents.length, names.length + 2 + 1);
  assert.ok(existsSync(join(out, 'nvs.csv')));
});
