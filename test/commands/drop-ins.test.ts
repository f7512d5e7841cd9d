import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { outputOf } from '../support/child.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const golden = join(fixtures, 'golden/atpki');
const pki = join(fixtures, 'pki');
const { cases } = JSON.parse(readFileSync(join(golden, 'manifest.json'), 'utf8')) as {
  cases: { name: string; args: string[] }[];
};
const onWindows = process.platform === 'win32';

for (const { name, args } of cases) {
  test(`generate_bin packs ${name} as the reference does, parse_bin takes it apart again`, async (t) => {
    const out = scratch(t);
    const bin = join(out, 'a.bin');
    assert.equal((await atPki(pki, 'generate_bin', '-b', bin, ...args)).code, 0);
    assert.deepEqual(readFileSync(bin), readFileSync(join(golden, `${name}.bin`)));

    assert.deepEqual(await atPki(pki, 'parse_bin', '-b', bin, '-o', out), { code: 0, stdout: '', stderr: '' });
    const next = new Map<string, number>();
    for (let at = 0; at < args.length; at += 2) {
      const [kind = '', file = ''] = args.slice(at, at + 2);
      const id = next.get(kind) ?? 0;
      next.set(kind, id + 1);
      const written = join(out, kind, `${kind}_${id}.${kind === 'key' ? 'key' : 'cer'}`);
      assert.deepEqual(readFileSync(written), readFileSync(join(pki, file)), written);
    }
  });
}

test('arguments as the reference takes them', async (t) => {
  const cwd = scratch(t);
  for (const name of ['a.crt', 'b.crt', '-c.crt']) writeFileSync(join(cwd, name), name);
  const lines: string[][] = [
    ['-b', 'x.bin', 'ca', 'a.crt', 'cert', 'b.crt'],
    ['-bx.bin', 'ca', 'a.crt', 'cert', 'b.crt'],
    ['--bin_file', 'x.bin', 'ca', 'a.crt', 'cert', 'b.crt'],
    ['--bin_file=x.bin', 'ca', 'a.crt', 'cert', 'b.crt'],
    ['--bin=x.bin', 'ca', 'a.crt', 'cert', 'b.crt'],
    ['ca', 'a.crt', 'cert', 'b.crt', '-b', 'x.bin'],
    ['ca', 'a.crt', '-b', 'x.bin', 'cert', 'b.crt'],
    ['-b', 'x.bin', '--', 'ca', 'a.crt', 'cert', 'b.crt'],
  ];
  const images = [];
  for (const line of lines) {
    assert.deepEqual(await atPki(cwd, 'generate_bin', ...line), { code: 0, stdout: '', stderr: '' }, line.join(' '));
    images.push(readFileSync(join(cwd, 'x.bin')).toString('hex'));
    writeFileSync(join(cwd, 'x.bin'), '');
  }
  assert.deepEqual(new Set(images).size, 1);
  assert.equal((await atPki(cwd, 'generate_bin', 'ca', 'a.crt')).code, 0);
  assert.equal((await atPki(cwd, 'generate_bin', '--', 'ca', '-c.crt')).code, 0);
  // PKI.bin and the current folder, where nothing else is said.
  assert.equal((await atPki(cwd, 'parse_bin')).code, 0);
  assert.equal(readFileSync(join(cwd, 'ca/ca_0.cer'), 'utf8'), '-c.crt');
});

const refused: [what: string, argv: string[], code: number, stderr: string][] = [
  ['no words', ['generate_bin'], 2, 'something is missing: at-pki generate_bin [-b FILE] TYPE FILE [TYPE FILE…]'],
  ['an odd number of words', ['generate_bin', 'ca', 'a.crt', 'cert'], 2, 'no file follows the last "cert"'],
  ['an unknown type', ['generate_bin', 'crt', 'a.crt'], 2, '"crt" is not a type; there are ca, cert, key'],
  ['a missing file', ['generate_bin', 'ca', 'b.crt'], 1, 'b.crt does not exist'],
  ['a folder', ['generate_bin', 'ca', 'folder'], 1, 'folder is a folder'],
  ['an option that is none', ['generate_bin', '--bog', 'ca', 'a.crt'], 2, 'there is no option --bog'],
  [
    'a file of 65,536 bytes',
    ['generate_bin', 'ca', 'big.crt'],
    1,
    'big.crt has 65,536 bytes; an item of a PKI bin holds at most 65,535',
  ],
  [
    '257 files of a type',
    ['generate_bin', ...Array<string[]>(257).fill(['ca', 'a.crt']).flat()],
    1,
    '257 files of type ca; a PKI bin numbers at most 256 of one type',
  ],
  ['a bin that is not there', ['parse_bin'], 1, 'PKI.bin does not exist'],
  [
    'a bin that is none',
    ['parse_bin', '-b', 'a.crt'],
    1,
    'a.crt: ends after 5 bytes; the header alone takes 8 (at offset 0x5)',
  ],
  ['words', ['parse_bin', 'PKI.bin'], 2, '"PKI.bin" is one word too many: at-pki parse_bin [-b FILE] [-o DIR]'],
];
for (const [what, argv, code, message] of refused) {
  test(`${argv[0]} refuses ${what} and writes nothing`, async (t) => {
    const cwd = scratch(t);
    mkdirSync(join(cwd, 'folder'));
    writeFileSync(join(cwd, 'a.crt'), 'a.crt');
    writeFileSync(join(cwd, 'big.crt'), Buffer.alloc(65_536));
    const before = readdirSync(cwd);
    const ran = await atPki(cwd, ...argv);
    assert.equal(ran.code, code);
    assert.equal(ran.stdout, '');
    assert.match(ran.stderr, /^error\[/);
    assert.ok(ran.stderr.split('\n')[0]?.endsWith(`: ${message}`), ran.stderr);
    assert.deepEqual(readdirSync(cwd), before);
  });
}

test('a dump with erased flash behind the bin is not what the reference parses', async (t) => {
  const cwd = scratch(t);
  writeFileSync(
    join(cwd, 'PKI.bin'),
    Buffer.concat([readFileSync(join(golden, 'client_ca.bin')), Buffer.alloc(8, 0xff)]),
  );
  const { code, stderr } = await atPki(cwd, 'parse_bin');
  assert.equal(code, 1);
  assert.match(stderr, /says that 2,224 bytes follow, but there are 2,232 \(at offset 0x4\)/);
});

test('an empty file is packed as the reference does, with a warning', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.crt'), '');
  const { code, stderr } = await atPki(cwd, 'generate_bin', 'ca', 'a.crt');
  assert.equal(code, 0);
  assert.match(stderr, /^warning\[empty-file\]: a.crt is empty: the device would find an empty certificate\n/);
  assert.equal(readFileSync(join(cwd, 'PKI.bin')).toString('hex'), 'f1f10100040000000100' + '0000');
});

test('of two items with one ID both are written, the second beyond all others, with a warning', async (t) => {
  const cwd = scratch(t);
  for (const name of ['a', 'b']) writeFileSync(join(cwd, name), name.repeat(4));
  await atPki(cwd, 'generate_bin', 'ca', 'a', 'ca', 'b');
  const bin = readFileSync(join(cwd, 'PKI.bin'));
  bin[8 + 8 + 1] = 0;
  writeFileSync(join(cwd, 'PKI.bin'), bin);
  const { code, stderr } = await atPki(cwd, 'parse_bin');
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^warning\[item-repeated\]: PKI.bin holds a second ca with ID 0; it is written as ca.ca_256.cer\n/,
  );
  assert.equal(readFileSync(join(cwd, 'ca/ca_0.cer'), 'utf8'), 'aaaa');
  assert.equal(readFileSync(join(cwd, 'ca/ca_256.cer'), 'utf8'), 'bbbb');
});

test('keys and bins that hold them are for their owner alone', { skip: onWindows }, async (t) => {
  const cwd = scratch(t);
  const mode = (name: string) => (statSync(join(cwd, name)).mode & 0o777).toString(8);
  const faults = join(pki, 'faults');
  const open = process.umask(0o022);
  t.after(() => process.umask(open));
  await atPki(cwd, 'generate_bin', '-b', 'key.bin', 'key', join(faults, 'good.key'), 'cert', join(faults, 'good.crt'));
  await atPki(cwd, 'generate_bin', '-b', 'slip.bin', 'cert', join(faults, 'der.key'));
  await atPki(cwd, 'generate_bin', '-b', 'cert.bin', 'cert', join(faults, 'good.crt'));
  assert.deepEqual(['key.bin', 'slip.bin', 'cert.bin'].map(mode), ['600', '600', '644']);
  await atPki(cwd, 'parse_bin', '-b', 'key.bin');
  assert.deepEqual(['key/key_0.key', 'cert/cert_0.cer'].map(mode), ['600', '644']);
});

test('names that a shell would stumble over, and a pipe', { skip: onWindows }, async (t) => {
  const cwd = scratch(t);
  for (const name of ['space in name.crt', 'unicode-证书.crt', '$(touch pwned);.crt']) {
    const { code } = await atPki(join(pki, 'faults'), 'generate_bin', '-b', join(cwd, 'PKI.bin'), 'cert', name);
    assert.equal(code, 0, name);
    assert.equal(readFileSync(join(cwd, 'PKI.bin')).readUInt16LE(2), 1);
  }
  outputOf('mkfifo', [join(cwd, 'pipe')]);
  const { code, stderr } = await atPki(cwd, 'generate_bin', '-b', 'x.bin', 'ca', 'pipe');
  assert.equal(code, 1);
  assert.match(stderr, /pipe is not a regular file/);
});

test('a bin that cannot be written is an error with what to do', { skip: onWindows }, async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.crt'), 'a');
  symlinkSync('PKI.bin', join(cwd, 'PKI.bin'));
  const { code, stderr } = await atPki(cwd, 'generate_bin', 'ca', 'a.crt');
  assert.equal(code, 1);
  assert.match(stderr, /^error\[write-failed\]: cannot write .*it is a link to PKI.bin\n.*\n {2}→ remove the link/);
  chmodSync(cwd, 0o755);
});

/** A bin and a folder unpacked from one archive would write their files, keys among them, to wherever a link leads. */
test('parse_bin follows no link out of its folder', { skip: onWindows }, async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.crt'), 'a');
  await atPki(cwd, 'generate_bin', 'ca', 'a.crt');
  mkdirSync(join(cwd, 'elsewhere'));
  for (const [folder, link, target] of [
    ['x', 'ca', '../elsewhere'],
    ['y', 'ca/ca_0.cer', '../../elsewhere/made'],
  ] as const) {
    mkdirSync(dirname(join(cwd, folder, link)), { recursive: true });
    symlinkSync(target, join(cwd, folder, link));
    const { code, stderr } = await atPki(cwd, 'parse_bin', '-o', folder);
    assert.equal(code, 1);
    assert.match(stderr, /^error\[write-failed\]: cannot write .*is a link to /);
  }
  assert.deepEqual(readdirSync(join(cwd, 'elsewhere')), []);
});

test('generate_bin and the tools of NVS write through no link either', { skip: onWindows }, async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.crt'), 'a');
  writeFileSync(join(cwd, 'a.csv'), 'key,type,encoding,value\na,namespace,,\nk,data,u8,1\n');
  await atPki(cwd, 'nvs', 'generate', 'a.csv', 'real.bin', '0x3000');
  for (const [name, target] of [
    ['bin', 'victim'],
    ['image', 'real.bin'],
    ['keys', 'victim'],
  ] as const) {
    symlinkSync(target, join(cwd, name));
  }
  writeFileSync(join(cwd, 'victim'), 'old');
  const before = readFileSync(join(cwd, 'real.bin'));
  for (const argv of [
    ['generate_bin', '-b', 'bin', 'ca', 'a.crt'],
    ['nvs', 'generate', 'a.csv', 'bin', '0x3000'],
    ['nvs', 'set', 'image', 'a', 'k', 'u8', '2'],
    ['nvs', 'generate-key'],
    ['nvs', 'encrypt', 'a.csv', 'bin', '0x3000', '--keygen'],
  ]) {
    const { code, stderr } = await atPki(cwd, ...argv);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /is a link|not a folder/, argv.join(' '));
  }
  assert.equal(readFileSync(join(cwd, 'victim'), 'utf8'), 'old');
  assert.deepEqual(readFileSync(join(cwd, 'real.bin')), before);
});
