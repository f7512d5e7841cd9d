import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { atpki } from '../../src/formats/atpki/format.ts';
import type { Kind } from '../../src/formats/format.ts';
import { readSources } from '../../src/sources/snapshot.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const golden = join(fixtures, 'golden/atpki');
const onWindows = process.platform === 'win32';

test('the items as files; keys for their owner alone', async (t) => {
  const cwd = scratch(t);
  const { code, stdout, stderr } = await atPki(cwd, 'extract', join(golden, 'client_key.bin'), '-o', 'new/keys');
  assert.deepEqual([code, stdout, stderr], [0, '2 files written to new/keys\n', '']);
  for (const number of [0, 1]) {
    const file = join(cwd, `new/keys/key_0${number}.key`);
    assert.deepEqual(
      readFileSync(file),
      readFileSync(join(fixtures, `pki/raw_data/client_key/client_key_0${number}.key`)),
    );
    if (!onWindows) assert.equal(statSync(file).mode & 0o777, 0o600);
  }
});

test('a key in the wrong slot is for its owner alone, too', { skip: onWindows }, async (t) => {
  const cwd = scratch(t);
  await atPki(
    join(fixtures, 'pki/faults'),
    'generate_bin',
    '-b',
    join(cwd, 'a.bin'),
    'cert',
    'der.key',
    'ca',
    'good.key',
  );
  const { stdout } = await atPki(cwd, 'extract', 'a.bin', '-o', '.', '--json');
  const { files } = JSON.parse(stdout) as { files: string[] };
  assert.deepEqual(files, ['cert_00.der', 'ca_00.crt']);
  for (const file of files) assert.equal(statSync(join(cwd, file)).mode & 0o777, 0o600, file);
});

/** What a build packs from a folder of one kind. */
async function rebuilt(folder: string, kind: Kind): Promise<Buffer> {
  const source = { kind, base: folder, path: '.', order: 'name' } as const;
  const partition = { name: 'x', format: 'atpki', file: 'x.bin', size: 1 << 20, sources: [source] } as const;
  const packed = atpki.encode((await readSources(partition, folder)).entries);
  assert.ok(packed.ok);
  return Buffer.from(packed.value.image);
}

for (const [name, kind] of [
  ['client_ca', 'ca'],
  ['server_key', 'key'],
  ['chain', 'cert'],
  ['der_cert', 'cert'],
  ['der_key', 'key'],
] as const) {
  test(`a build of what was extracted from ${name} gives the same bin`, async (t) => {
    const cwd = scratch(t);
    await atPki(cwd, 'extract', join(golden, `${name}.bin`), '-o', 'out');
    assert.deepEqual(await rebuilt(join(cwd, 'out'), kind), readFileSync(join(golden, `${name}.bin`)));
  });
}

test('the order holds beyond a hundred items', async (t) => {
  const cwd = scratch(t);
  const entries = Array.from(
    { length: 256 },
    (_, id) => ({ kind: 'ca', name: '', bytes: Buffer.from(`number ${id}`) }) as const,
  );
  const packed = atpki.encode(entries);
  assert.ok(packed.ok);
  writeFileSync(join(cwd, 'a.bin'), packed.value.image);
  await atPki(cwd, 'extract', 'a.bin', '-o', 'out');
  assert.deepEqual(readdirSync(join(cwd, 'out')).slice(0, 2), ['ca_000.der', 'ca_001.der']);
  assert.deepEqual(await rebuilt(join(cwd, 'out'), 'ca'), Buffer.from(packed.value.image));
});

const bin = join(golden, 'client_ca.bin');

test('what exists is replaced under --force alone; otherwise nothing at all is written', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'ca_01.crt'), 'mine');
  const { code, stdout, stderr } = await atPki(cwd, 'extract', bin, '-o', '.');
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal(
    stderr,
    'error[file-exists]: ca_01.crt exists already\n  --> ca_01.crt\n  → add --force to replace it, or choose another folder\n',
  );
  assert.deepEqual(readdirSync(cwd), ['ca_01.crt']);
  assert.equal((await atPki(cwd, 'extract', bin, '-o', '.', '--force')).code, 0);
  assert.notEqual(readFileSync(join(cwd, 'ca_01.crt'), 'utf8'), 'mine');
});

test('never through a link or over a folder, not even under --force', { skip: onWindows }, async (t) => {
  const cwd = scratch(t);
  mkdirSync(join(cwd, 'out'));
  writeFileSync(join(cwd, 'outside'), 'mine');
  symlinkSync('../outside', join(cwd, 'out/ca_00.crt'));
  mkdirSync(join(cwd, 'out/ca_01.crt'));
  const { code, stderr } = await atPki(cwd, 'extract', bin, '-o', 'out', '--force');
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error\[file-exists\]: out.ca_00.crt is a link\n.*error\[file-exists\]: out.ca_01.crt is a folder\n/s,
  );
  assert.equal(readFileSync(join(cwd, 'outside'), 'utf8'), 'mine');
  // One that leads nowhere would make a file outside.
  symlinkSync('../new', join(cwd, 'out/dangling'));
  const other = scratch(t);
  symlinkSync(join(cwd, 'new'), join(other, 'ca_00.crt'));
  assert.equal((await atPki(cwd, 'extract', bin, '-o', other, '--force')).code, 1);
  assert.deepEqual(readdirSync(cwd).sort(), ['out', 'outside']);
});

test('a folder that is a file', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'file'), 'mine');
  const { code, stderr } = await atPki(cwd, 'extract', bin, '-o', 'file');
  assert.equal(code, 1);
  assert.match(stderr, /^error\[write-failed\]: cannot write /);
  assert.equal(readFileSync(join(cwd, 'file'), 'utf8'), 'mine');
});

test('nothing is made of a broken bin', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.bin'), readFileSync(bin).subarray(0, 1000));
  assert.equal((await atPki(cwd, 'extract', 'a.bin', '-o', 'out')).code, 1);
  assert.deepEqual(readdirSync(cwd), ['a.bin']);
});
