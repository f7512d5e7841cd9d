import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nvsFolder } from '../../support/nvs-folder.ts';
import { atPki } from '../../support/run-rig.ts';

interface Entry {
  namespace: string;
  key: string;
  type: string;
  value: unknown;
}
async function entriesOf(folder: string, ...argv: string[]): Promise<Entry[]> {
  const { stdout } = await atPki(folder, 'nvs', 'dump', ...argv, '--reveal', '--json');
  return (JSON.parse(stdout) as { entries: Entry[] }).entries;
}
async function valueIn(folder: string, key: string, ...argv: string[]): Promise<unknown> {
  return (await entriesOf(folder, ...argv)).find((entry) => entry.key === key)?.value;
}

const values: [type: string, word: string, value: unknown][] = [
  ['i32', '-5', -5],
  ['u64', '18446744073709551615', '18446744073709551615'],
  ['string', 'text', 'text'],
  ['string', '@text.txt', 'from a file'],
  ['string', '@@text.txt', '@text.txt'],
  ['hex2bin', 'ff00', '/wA='],
  ['base64', '/wA=', '/wA='],
  ['blob', '@text.txt', Buffer.from('from a file').toString('base64')],
];
for (const [type, word, value] of values) {
  test(`set: ${type} ${word}`, async (t) => {
    const folder = await nvsFolder(t);
    writeFileSync(join(folder, 'text.txt'), 'from a file');
    const { code, stdout, stderr } = await atPki(folder, 'nvs', 'set', 'nvs.bin', 'settings', 'name', type, word);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^settings\/name set \(\w+, \d+ bytes?\); \d+ of 630 slots used on 3 of 6 pages, /);
    assert.deepEqual(await valueIn(folder, 'name', 'nvs.bin'), value);
  });
}

test('set changes what a CSV would: the same bytes, in either profile', async (t) => {
  const folder = await nvsFolder(t);
  for (const profile of ['new', 'legacy']) {
    await atPki(folder, 'nvs', 'generate', 'in.csv', 'a.bin', '24K', '--profile', profile);
    await atPki(folder, 'nvs', 'set', 'a.bin', 'settings', 'baud', 'i32', '115200');
    writeFileSync(join(folder, 'b.csv'), readFileSync(join(folder, 'in.csv'), 'utf8').replace('921600', '115200'));
    await atPki(folder, 'nvs', 'generate', 'b.csv', 'b.bin', '24K', '--profile', profile);
    assert.deepEqual(readFileSync(join(folder, 'a.bin')), readFileSync(join(folder, 'b.bin')), profile);
    // A dump of more flash than the partition: what follows stays erased.
    const rest = Buffer.alloc(0x3000, 0xff);
    writeFileSync(join(folder, 'c.bin'), Buffer.concat([readFileSync(join(folder, 'b.bin')), rest]));
    await atPki(folder, 'nvs', 'set', 'c.bin', 'settings', 'baud', 'i32', '115200');
    assert.deepEqual(readFileSync(join(folder, 'c.bin')), Buffer.concat([readFileSync(join(folder, 'b.bin')), rest]));
  }
});

test('delete takes a key or a namespace, and leaves nothing of the value in the file', async (t) => {
  const folder = await nvsFolder(t);
  const { code, stdout } = await atPki(folder, 'nvs', 'delete', 'nvs.bin', 'settings', 'name');
  assert.equal(code, 0);
  assert.match(stdout, /^settings\/name deleted; 249 of 630 slots used/);
  assert.equal(await valueIn(folder, 'name', 'nvs.bin'), undefined);
  for (const namespace of ['mqtt_key', 'odd']) await atPki(folder, 'nvs', 'delete', 'nvs.bin', namespace);
  assert.deepEqual(
    [...new Set((await entriesOf(folder, 'nvs.bin')).map((entry) => entry.namespace))],
    ['mqtt_cert', 'settings'],
  );
  assert.ok(!readFileSync(join(folder, 'nvs.bin')).includes('PRIVATE KEY'));
});

test('a new key makes the image its owner’s alone', async (t) => {
  const folder = await nvsFolder(t);
  writeFileSync(join(folder, 'plain.csv'), 'key,type,encoding,value\nns,namespace,,\n');
  await atPki(folder, 'nvs', 'generate', 'plain.csv', 'a.bin', '12K');
  assert.notEqual(statSync(join(folder, 'a.bin')).mode & 0o777, 0o600);
  await atPki(folder, 'nvs', 'set', 'a.bin', 'mqtt_key', 'mqtt_key', 'blob', '@good.key');
  assert.equal(statSync(join(folder, 'a.bin')).mode & 0o777, 0o600);
});

test('an encrypted image stays encrypted', async (t) => {
  const folder = await nvsFolder(t);
  await atPki(folder, 'nvs', 'encrypt', 'in.csv', 'e.bin', '24K', '--keygen', '--keyfile', 'k.bin');
  const words = ['e.bin', 'settings', 'baud', 'i32', '7', '--key', 'keys/k.bin'];
  assert.equal((await atPki(folder, 'nvs', 'set', ...words)).code, 0);
  assert.equal((await atPki(folder, 'nvs', 'dump', 'e.bin')).code, 1);
  assert.equal(await valueIn(folder, 'baud', 'e.bin', '--key', 'keys/k.bin'), 7);
});

test('in a dump of more, the place must be named; the rest stays', async (t) => {
  const folder = await nvsFolder(t);
  const [code, image] = [Buffer.alloc(0x2000, 0x5a), readFileSync(join(folder, 'nvs.bin'))];
  writeFileSync(join(folder, 'flash.bin'), Buffer.concat([code, image, code]));
  const words = ['flash.bin', 'settings', 'baud', 'i32', '7'];
  const refused = await atPki(folder, 'nvs', 'set', ...words);
  assert.equal(refused.code, 1);
  assert.equal(
    refused.stderr,
    'error[nvs-place]: flash.bin holds more than the NVS image at 0x2000 to 0x7fff\n  --> flash.bin\n  → say which part to change: --offset and --size\n',
  );
  assert.equal((await atPki(folder, 'nvs', 'set', ...words, '--offset', '0x2000', '--size', '24K')).code, 0);
  const changed = readFileSync(join(folder, 'flash.bin'));
  assert.deepEqual([changed.subarray(0, 0x2000), changed.subarray(0x8000)], [code, code]);
  assert.equal(await valueIn(folder, 'baud', 'flash.bin'), 7);
});

const wrong: [argv: string[], code: number, message: string][] = [
  [
    ['set', 'nvs.bin', 'settings', 'k', 'u8', '300'],
    1,
    'error[nvs-value]: key "k": 300 is not a u8, which goes from 0 to 255',
  ],
  [['set', 'nvs.bin', 'settings', 'k', 'u8', '0x10'], 1, 'error[nvs-value]: u8 needs a whole decimal number'],
  [['set', 'nvs.bin', 'settings', 'k', 'u9', '1'], 2, 'error[usage]: "u9" is not a type of NVS'],
  [['set', 'nvs.bin', 'settings', 'k', 'string', '@nope'], 1, 'error[source-missing]: nope does not exist'],
  [
    ['set', 'nvs.bin', 'settings', 'a_key_of_16_byte', 'u8', '1'],
    1,
    'error[nvs-name]: key "a_key_of_16_byte" has 16 bytes; NVS takes at most 15',
  ],
  [['set', 'nvs.bin', '', 'k', 'u8', '1'], 1, 'error[nvs-name]: key "k" stands before any namespace'],
  [['delete', 'nvs.bin', 'setting'], 1, 'error[nvs-name]: there is no namespace "setting"'],
  [['delete', 'nvs.bin', 'settings', 'nam'], 1, 'error[nvs-name]: namespace "settings" has no key "nam"'],
  [['delete', 'nope.bin', 'settings'], 1, 'error[source-missing]: nope.bin does not exist'],
  [['delete', 'nvs.bin', 'settings', '--offset', '12'], 2, 'error[usage]: --offset 12 is no multiple of 4,096'],
  [
    ['delete', 'nvs.bin', 'settings', '--size', '1M'],
    2,
    'error[usage]: nvs.bin ends at 0x6000, within or before what --offset and --size name',
  ],
];
for (const [argv, code, message] of wrong) {
  test(`refused, the image as it was: ${argv.join(' ')}`, async (t) => {
    const folder = await nvsFolder(t);
    const old = readFileSync(join(folder, 'nvs.bin'));
    const result = await atPki(folder, 'nvs', ...argv);
    assert.deepEqual([result.code, result.stdout, result.stderr.split('\n')[0]], [code, '', message]);
    assert.deepEqual(readFileSync(join(folder, 'nvs.bin')), old);
  });
}
