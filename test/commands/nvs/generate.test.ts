import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nvsFolder } from '../../support/nvs-folder.ts';
import { type GoldenCase, sha256 } from '../../support/nvs-golden.ts';
import { fixtures } from '../../support/paths.ts';
import { atPki } from '../../support/run-rig.ts';
import { scratch } from '../../support/scratch.ts';

const golden = join(fixtures, 'nvs');
const cases: GoldenCase[] = JSON.parse(readFileSync(join(golden, 'cases.json'), 'utf8'));
const caseOf = (name: string): GoldenCase => cases.find((one) => one.name === name) ?? assert.fail(name);

test('writes the bytes of either reference, for either version', async (t) => {
  const out = join(scratch(t), 'out.bin');
  for (const name of ['ns_two', 'blob_08001', 'v1_blob_1984', 'str_quoted']) {
    const { csv, size, version, ...wanted } = caseOf(name);
    for (const profile of ['new', 'legacy'] as const) {
      const options = ['--profile', profile, ...(version ? ['--version', String(version)] : [])];
      const { code, stderr } = await atPki(golden, 'nvs', 'generate', csv, out, String(size), ...options);
      assert.deepEqual([code, stderr], [0, '']);
      assert.equal(sha256(readFileSync(out)), wanted[profile], `${name} ${profile}`);
    }
  }
});

test('says how full the image is, and keeps it for its owner where a key is in it', async (t) => {
  const folder = await nvsFolder(t);
  const { stdout } = await atPki(folder, 'nvs', 'generate', 'in.csv', 'out.bin', '24K');
  assert.match(stdout, /^out\.bin: 251 of 630 slots used on 3 of 6 pages, a further 10,016 bytes fit\n$/);
  assert.equal(statSync(join(folder, 'out.bin')).mode & 0o777, 0o600);
  writeFileSync(join(folder, 'plain.csv'), 'key,type,encoding,value\nns,namespace,,\nk,data,u8,1\n');
  await atPki(folder, 'nvs', 'generate', 'plain.csv', 'plain.bin', '12K');
  assert.equal(statSync(join(folder, 'plain.bin')).mode, statSync(join(folder, 'plain.csv')).mode);
});

test('--outdir is where relative outputs go; absolute ones stay', async (t) => {
  const folder = await nvsFolder(t);
  await atPki(folder, 'nvs', 'generate', 'in.csv', 'sub/out.bin', '24K', '--outdir', 'a/b');
  assert.ok(existsSync(join(folder, 'a/b/sub/out.bin')));
  await atPki(folder, 'nvs', 'generate', 'in.csv', join(folder, 'abs.bin'), '24K', '--outd', 'c');
  assert.ok(existsSync(join(folder, 'abs.bin')));
  assert.ok(!existsSync(join(folder, 'c')));
});

test('files of a CSV are found beside it, too; where they are in neither place, both are named', async (t) => {
  const folder = await nvsFolder(t);
  mkdirSync(join(folder, 'work'));
  const work = join(folder, 'work');
  const good = await atPki(work, 'nvs', 'generate', '../in.csv', 'out.bin', '24K');
  assert.deepEqual([good.code, good.stderr], [0, '']);
  renameSync(join(folder, 'good.crt'), join(folder, 'gone'));
  const bad = await atPki(work, 'nvs', 'generate', '../in.csv', 'new.bin', '24K');
  assert.equal(bad.code, 1);
  assert.equal(
    bad.stderr,
    `error[source-missing]: good.crt is neither in the working folder, ${work}, nor in that of the CSV, ${folder}\n  --> ../in.csv:3:23\n`,
  );
  assert.ok(!existsSync(join(work, 'new.bin')));
});

test('a mistake in the CSV: line and column, and the old image stays', async (t) => {
  const folder = await nvsFolder(t);
  const old = readFileSync(join(folder, 'nvs.bin'));
  writeFileSync(
    join(folder, 'bad.csv'),
    '\ufeffkey,type,encoding,value\r\nns,namespace,,\r\nk,data,u8,300\r\nk,dta,u8,1\r\n',
  );
  const { code, stderr } = await atPki(folder, 'nvs', 'generate', 'bad.csv', 'nvs.bin', '24K');
  assert.equal(code, 1);
  assert.equal(
    stderr,
    [
      'error[nvs-value]: key "k": 300 is not a u8, which goes from 0 to 255',
      '  --> bad.csv:3:11',
      'error[nvs-csv]: "dta" is not a type',
      '  --> bad.csv:4:3',
      '  → write exactly "namespace", "data", "file"',
      '',
    ].join('\n'),
  );
  assert.deepEqual(readFileSync(join(folder, 'nvs.bin')), old);
});

test('too much for the partition: what is missing, and nothing is left behind', async (t) => {
  const folder = scratch(t);
  writeFileSync(join(folder, 'blob'), new Uint8Array(9000));
  writeFileSync(join(folder, 'a.csv'), 'key,type,encoding,value\nns,namespace,,\nblob,file,binary,blob\n');
  const { code, stderr } = await atPki(folder, 'nvs', 'generate', 'a.csv', 'd/a.bin', '12K');
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error\[partition-full\]: the entries need 287 slots on 3 pages, 12K offer 252 on 2: 35 slots and 1 page missing; the largest: ns\.blob \(286 slots\)\n {2}--> a\.csv\n {2}→ a partition of 16K holds them\n$/,
  );
  assert.ok(!existsSync(join(folder, 'd')));
});

test('several CSVs go into one image, and share their namespaces', async (t) => {
  const folder = scratch(t);
  const csv = (rows: string) => `key,type,encoding,value\nns,namespace,,\n${rows}\n`;
  writeFileSync(join(folder, 'a.csv'), csv('a,data,u8,1'));
  writeFileSync(join(folder, 'b.csv'), csv('b,data,u8,2'));
  writeFileSync(join(folder, 'both.csv'), csv('a,data,u8,1\nb,data,u8,2'));
  assert.equal((await atPki(folder, 'nvs', 'generate', 'a.csv', 'b.csv', 'ab.bin', '12K')).code, 0);
  await atPki(folder, 'nvs', 'generate', 'both.csv', 'both.bin', '12K');
  assert.deepEqual(readFileSync(join(folder, 'ab.bin')), readFileSync(join(folder, 'both.bin')));
  const twice = await atPki(folder, 'nvs', 'generate', 'a.csv', 'a.csv', 'aa.bin', '12K');
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /key "a" stands twice in namespace "ns"/);
});

test('wrong use: sizes, and an output in the place of the input', async (t) => {
  const folder = await nvsFolder(t);
  const size = await atPki(folder, 'nvs', 'generate', 'in.csv', '0x6000', 'out.bin');
  assert.deepEqual(size, {
    code: 2,
    stdout: '',
    stderr:
      'error[usage]: "out.bin" is no size of a partition\n  → bytes as 114688, 0x1c000 or 112K; the order is IN.csv OUT.bin SIZE\n',
  });
  const same = await atPki(folder, 'nvs', 'generate', 'in.csv', './in.csv', '24K');
  assert.deepEqual(
    [same.code, same.stderr.split('\n')[0]],
    [2, 'error[usage]: the output would replace the input in.csv'],
  );
  const odd = await atPki(folder, 'nvs', 'generate', 'in.csv', 'x.bin', '12289');
  assert.deepEqual(
    [odd.code, odd.stderr.split('\n')[0]],
    [2, 'error[partition-alignment]: an NVS partition of 12289 bytes is not a multiple of 4,096'],
  );
});
