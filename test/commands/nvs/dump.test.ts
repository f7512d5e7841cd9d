import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { active, flash, namespace } from '../../support/nvs-builder.ts';
import { keyMaterial, nvsFolder } from '../../support/nvs-folder.ts';
import { atPki } from '../../support/run-rig.ts';
import { scratch } from '../../support/scratch.ts';

interface Dump {
  offset: number;
  size: number;
  entries: { namespace: string; key: string; type: string; value?: unknown; redacted?: boolean; encoding?: string }[];
  pages: { page: number; state: string; used: number; erased: number; free: number }[];
  diagnostics: { code: string; severity: string; message: string }[];
}
const dumpOf = async (folder: string, ...argv: string[]): Promise<Dump> =>
  JSON.parse((await atPki(folder, 'nvs', 'dump', ...argv, '--json')).stdout) as Dump;

test('for people: keys, types, short values, certificates described, keys redacted, pages', async (t) => {
  const folder = await nvsFolder(t);
  const { code, stdout, stderr } = await atPki(folder, 'nvs', 'dump', 'nvs.bin');
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout,
    `nvs.bin: NVS, 24,576 bytes, 4 namespaces, 10 entries, 251 slots used, 0 erased, 379 free

mqtt_cert
  mqtt_cert  blob  certificate, RSA 2048, O=at-pki fixtures, CN=faults leaf, until 2044-01-01 (1,099 bytes)
mqtt_key
  mqtt_key  blob  private key, RSA 2048 (1,675 bytes), redacted
odd
  pem     string  private key, RSA 2048 (1,675 bytes), redacted
  der     blob    private key, RSA 2048 (1,217 bytes), redacted
  base64  string  private key (1,624 bytes), redacted
settings
  name   string  "a, b" (4 bytes)
  baud   i32     921600
  big    u64     18446744073709551615
  small  u64     7
  raw    blob    0102ff (3 bytes)

  page 0  full    sequence 0  version 2  95 used  0 erased  31 free
  page 1  full    sequence 1  version 2  95 used  0 erased  31 free
  page 2  active  sequence 2  version 2  61 used  0 erased  65 free
  pages 3 to 5  empty
`,
  );
});

test('as JSON: values by type; a private key has "redacted" and no value', async (t) => {
  const folder = await nvsFolder(t);
  const { entries, pages, offset, size } = await dumpOf(folder, 'nvs.bin');
  const of = (key: string) => entries.find((entry) => entry.key === key);
  assert.deepEqual(of('baud'), { namespace: 'settings', key: 'baud', type: 'i32', value: 921600 });
  assert.deepEqual(of('big'), { namespace: 'settings', key: 'big', type: 'u64', value: '18446744073709551615' });
  assert.equal(of('small')?.value, 7);
  assert.deepEqual(of('name'), { namespace: 'settings', key: 'name', type: 'string', length: 4, value: 'a, b' });
  assert.equal(of('raw')?.value, 'AQL/');
  assert.equal(of('mqtt_cert')?.value, readFileSync(join(folder, 'good.crt')).toString('base64'));
  assert.deepEqual(of('mqtt_key'), {
    namespace: 'mqtt_key',
    key: 'mqtt_key',
    type: 'blob',
    length: 1675,
    redacted: true,
  });
  assert.deepEqual(
    entries.filter((entry) => entry.redacted).map(({ key }) => key),
    ['mqtt_key', 'pem', 'der', 'base64'],
  );
  assert.deepEqual([offset, size, pages.length], [0, 24576, 6]);
  assert.deepEqual(pages[5], { page: 5, state: 'empty', used: 0, erased: 0, free: 126 });
});

test('--reveal shows keys, and nothing else does', async (t) => {
  const folder = await nvsFolder(t);
  const { entries } = await dumpOf(folder, 'nvs.bin', '--reveal');
  const key = entries.find((entry) => entry.key === 'mqtt_key');
  assert.deepEqual(Buffer.from(String(key?.value), 'base64'), readFileSync(join(folder, 'good.key')));
  assert.ok(!entries.some((entry) => entry.redacted));
  const commands = [
    ['nvs', 'dump', 'nvs.bin'],
    ['inspect', 'nvs.bin'],
    ['nvs', 'generate', 'in.csv', 'x.bin', '24K'],
    ['nvs', 'encrypt', 'in.csv', 'x.bin', '24K', '--keygen'],
    ['diff', 'nvs.bin', 'empty.bin'],
    ['diff', 'nvs.bin', 'other.bin'],
    ['extract', 'nvs.bin', '-o', 'out'],
    ['nvs', 'dump', 'nvs.bin', '--csv', '-o', 'out.csv'],
    ['nvs', 'set', 'nvs.bin', 'odd', 'pem', 'u8', '@good.key'],
    ['nvs', 'set', 'nvs.bin', 'odd', 'pem', 'hex2bin', '@good.key'],
    ['nvs', 'set', 'nvs.bin', 'odd', 'pem', readFileSync(join(folder, 'good.key'), 'utf8'), 'string'],
    ['nvs', 'set', 'nvs.bin', 'odd', 'new', 'string', readFileSync(join(folder, 'good.key'), 'utf8')],
    ['nvs', 'delete', 'nvs.bin', 'odd', 'new', readFileSync(join(folder, 'good.key'), 'utf8')],
  ];
  writeFileSync(join(folder, 'empty.bin'), flash({ items: [namespace('odd', 1)] }, undefined, undefined));
  const other = [namespace('odd', 1), { namespace: 1, type: 'string', key: 'pem', data: 'not a key\0' }] as const;
  writeFileSync(join(folder, 'other.bin'), flash({ items: other }, undefined, undefined));
  for (const argv of commands) {
    for (const style of [[], ['--json'], ['--verbose']]) {
      const { stdout, stderr } = await atPki(folder, ...argv, ...style);
      for (const piece of keyMaterial()) assert.ok(!`${stdout}${stderr}`.includes(piece), argv.join(' '));
    }
  }
});

test('a string that is no UTF-8 is told as base64', async (t) => {
  const folder = scratch(t);
  const items = [
    namespace('ns', 1),
    { namespace: 1, type: 'string', key: 'k', data: new Uint8Array([0xff, 0]) },
  ] as const;
  writeFileSync(join(folder, 'a.bin'), flash({ items }, undefined, undefined));
  const { entries } = await dumpOf(folder, 'a.bin');
  assert.deepEqual(entries, [
    { namespace: 'ns', key: 'k', type: 'string', length: 1, value: '/w==', encoding: 'base64' },
  ]);
});

test('damage is a warning with page and slot; what can be read is shown', async (t) => {
  const folder = scratch(t);
  const items = [
    namespace('ns', 1),
    { namespace: 1, type: 'u8', key: 'good', value: 5 },
    { namespace: 1, type: 'string', key: 'bad', data: 'text\0', broken: 'data' },
  ] as const;
  writeFileSync(join(folder, 'a.bin'), flash({ items }, { brokenHeader: true, state: active }, undefined));
  const { code, stdout, stderr } = await atPki(folder, 'nvs', 'dump', 'a.bin');
  assert.equal(code, 0);
  assert.equal(
    stderr,
    [
      'warning[nvs-damage]: page 0, slot 2: "bad" is skipped: the checksum of its 5 bytes is wrong',
      '  --> a.bin',
      'warning[nvs-damage]: page 1 is skipped: the checksum of its header is wrong',
      '  --> a.bin',
      '',
    ].join('\n'),
  );
  assert.match(stdout, /^ {2}good {2}u8 {2}5$/m);
  assert.match(stdout, /^ {2}page 1 {2}corrupt {2}/m);
});

test('names act neither on the terminal nor on the file system', async (t) => {
  const folder = scratch(t);
  const items = [
    namespace('../up', 1),
    { namespace: 1, type: 'string', key: 'a/\u001b[31m', data: 'x\r\u001b\0' },
  ] as const;
  writeFileSync(join(folder, 'a.bin'), flash({ items }, undefined, undefined));
  const { stdout } = await atPki(folder, 'nvs', 'dump', 'a.bin');
  assert.ok(!stdout.includes('\u001b'));
  mkdirSync(join(folder, 'in'));
  assert.equal((await atPki(folder, 'nvs', 'dump', 'a.bin', '--csv', '-o', 'in/a.csv')).code, 0);
  assert.deepEqual(readdirSync(folder).sort(), ['a.bin', 'in']);
});

test('--csv writes what generates the same image, 0600, and over nothing without --force', async (t) => {
  const folder = await nvsFolder(t);
  const { code, stdout } = await atPki(folder, 'nvs', 'dump', 'nvs.bin', '--csv', '-o', 'd/out.csv');
  assert.deepEqual([code, stdout], [0, '4 files written: d/out.csv and what it names\n']);
  for (const name of readdirSync(join(folder, 'd'))) {
    assert.equal(statSync(join(folder, 'd', name)).mode & 0o777, 0o600, name);
  }
  await atPki(folder, 'nvs', 'generate', 'd/out.csv', 'again.bin', '24K');
  assert.deepEqual(readFileSync(join(folder, 'again.bin')), readFileSync(join(folder, 'nvs.bin')));
  const again = await atPki(folder, 'nvs', 'dump', 'nvs.bin', '--csv', '-o', 'd/out.csv');
  assert.equal(again.code, 1);
  assert.match(again.stderr, /^error\[file-exists\]: d\/out\.csv exists already$/m);
  assert.equal((await atPki(folder, 'nvs', 'dump', 'nvs.bin', '--csv', '-o', 'd/out.csv', '--force')).code, 0);
  assert.equal((await atPki(folder, 'nvs', 'dump', 'nvs.bin', '--csv')).code, 2);
});

test('a partition read back with erased flash behind it, and an image inside a larger dump', async (t) => {
  const folder = await nvsFolder(t);
  const image = readFileSync(join(folder, 'nvs.bin'));
  const { entries } = await dumpOf(folder, 'nvs.bin');
  writeFileSync(join(folder, 'read.bin'), Buffer.concat([image, Buffer.alloc(0x4000, 0xff)]));
  const read = await dumpOf(folder, 'read.bin');
  assert.deepEqual([read.entries, read.diagnostics, read.size], [entries, [], 0xa000]);

  const code = Buffer.alloc(0x3000, 0x5a);
  writeFileSync(join(folder, 'flash.bin'), Buffer.concat([code, image, code]));
  const found = await dumpOf(folder, 'flash.bin');
  assert.deepEqual([found.entries, found.offset, found.size], [entries, 0x3000, 0x6000]);
  assert.deepEqual(
    found.diagnostics.map(({ severity, message }) => [severity, message]),
    [['info', 'the NVS image in flash.bin is taken to be 0x3000 to 0x8fff; the rest is left out']],
  );
  const named = await dumpOf(folder, 'flash.bin', '--offset', '0x3000', '--size', '24K');
  assert.deepEqual([named.entries, named.diagnostics], [entries, []]);

  writeFileSync(join(folder, 'two.bin'), Buffer.concat([code, image, image]));
  const two = await atPki(folder, 'nvs', 'dump', 'two.bin');
  assert.equal(two.code, 1);
  assert.equal(
    two.stderr,
    'error[nvs-place]: two.bin holds 2 NVS images: 0x3000 to 0x8fff and 0x9000 to 0xefff\n  --> two.bin\n  → choose one by --offset and --size\n',
  );
});

test('an encrypted image wants its key; a plain one does without', async (t) => {
  const folder = await nvsFolder(t);
  await atPki(folder, 'nvs', 'encrypt', 'in.csv', 'e.bin', '24K', '--keygen', '--keyfile', 'k.bin');
  const without = await atPki(folder, 'nvs', 'dump', 'e.bin');
  assert.equal(without.code, 1);
  assert.equal(
    without.stderr,
    'error[nvs-encrypted]: e.bin looks encrypted: none of its entries has a right checksum\n  --> e.bin\n  → name its key file: --key FILE\n',
  );
  const { entries } = await dumpOf(folder, 'nvs.bin');
  for (const option of ['--key', '--inputkey', '-k']) {
    assert.deepEqual((await dumpOf(folder, 'e.bin', option, 'keys/k.bin')).entries, entries);
  }
  const needless = await dumpOf(folder, 'nvs.bin', '--key', 'keys/k.bin');
  assert.deepEqual(
    [needless.entries, needless.diagnostics[0]?.message],
    [entries, 'nvs.bin is not encrypted: the key file is not needed'],
  );
});

test('what is no NVS image', async (t) => {
  const folder = scratch(t);
  writeFileSync(join(folder, 'a.bin'), Buffer.alloc(8192, 1));
  writeFileSync(join(folder, 'b.bin'), 'short');
  const [a, b, c] = await Promise.all(['a.bin', 'b.bin', 'c.bin'].map((name) => atPki(folder, 'nvs', 'dump', name)));
  assert.deepEqual([a?.code, b?.code, c?.code], [1, 1, 1]);
  assert.match(a?.stderr ?? '', /^error\[image-broken\]: a\.bin: none of its 2 pages has the header of an NVS page/);
  assert.match(b?.stderr ?? '', /^error\[image-broken\]: b\.bin: has 5 bytes; one page of NVS alone takes 4096/);
  assert.match(c?.stderr ?? '', /^error\[source-missing\]: c\.bin does not exist/);
  assert.ok(!existsSync(join(folder, 'c.bin')));
});
