import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readStable } from '../../src/files/read-stable.ts';
import type { Partition, SourceSpec } from '../../src/sources/partition.ts';
import { readSources } from '../../src/sources/snapshot.ts';
import { scratch } from '../support/scratch.ts';
import { unprivilegedAsync } from '../support/unprivileged.ts';

function partitionOf(base: string, ...paths: string[]): Partition {
  const sources = paths.map((path): SourceSpec => ({ kind: 'ca', base, path, order: 'name' }));
  return { name: 'client_ca', format: 'atpki', file: join(base, 'x.bin'), size: 8192, sources };
}

function withFiles(t: TestContext, ...names: string[]): string {
  const root = scratch(t);
  mkdirSync(join(root, 'f'));
  for (const name of names) writeFileSync(join(root, name), name);
  return root;
}

test('every file once, in the order of the sources; a file that is named is taken each time', async (t) => {
  const root = withFiles(t, 'f/a.crt', 'f/b.crt', 'f/root.crt');
  const named = async (...paths: string[]) =>
    (await readSources(partitionOf(root, ...paths), root)).entries.map(({ name }) => name);
  assert.deepEqual(await named('f/root.crt', 'f/*.crt', 'f'), ['f/root.crt', 'f/a.crt', 'f/b.crt']);
  assert.deepEqual(await named('f/a.crt', 'f/a.crt'), ['f/a.crt', 'f/a.crt']);
});

test('an entry has its bytes, its kind and its name from the root', async (t) => {
  const root = withFiles(t, 'f/a.crt');
  const { entries, diagnostics } = await readSources(partitionOf(join(root, 'f'), 'a.crt'), root);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    entries.map((one) => ({ ...one, bytes: Buffer.from(one.bytes).toString() })),
    [{ name: 'f/a.crt', file: join(root, 'f/a.crt'), kind: 'ca', bytes: 'f/a.crt' }],
  );
});

test('a file that vanishes between listing and reading is an error of its own', async (t) => {
  const root = withFiles(t, 'f/a.crt', 'f/b.crt');
  const { entries, diagnostics } = await readSources(partitionOf(root, 'f'), root, (file) => {
    rmSync(join(root, 'f/b.crt'), { force: true });
    return readStable(file);
  });
  assert.equal(entries.length, 1);
  assert.deepEqual(diagnostics, [
    {
      code: 'source-missing',
      severity: 'error',
      message: 'f/b.crt vanished between listing and reading',
      place: { file: join(root, 'f/b.crt') },
      hint: 'run again; if something keeps replacing this file, let it write beside and rename',
      partition: 'client_ca',
    },
  ]);
});

const problems: [code: string, expected: string][] = [
  ['CHANGING', 'source-changing: f/a.crt kept changing while it was read → run again when whatever writes it is done'],
  ['EACCES', 'source-unreadable: f/a.crt cannot be read: permission denied → let this user read it (chmod u+r)'],
  ['EIO', 'source-unreadable: f/a.crt cannot be read (EIO) → undefined'],
  ['TOO_LARGE', 'source-unreadable: f/a.crt is larger than any flash (256M) → see whether the right file is named'],
  ['EISDIR', 'source-unreadable: f/a.crt is a folder → name a file in it'],
];
for (const [code, expected] of problems) {
  test(`reading fails: ${code}`, async (t) => {
    const root = withFiles(t, 'f/a.crt');
    const { diagnostics } = await readSources(partitionOf(root, 'f'), root, () => ({ ok: false, error: { code } }));
    assert.deepEqual(
      diagnostics.map(({ code: ours, message, hint }) => `${ours}: ${message} → ${hint}`),
      [expected],
    );
  });
}

test('an empty certificate keeps its place, for the checks to see; an empty file of no kind is an error here', async (t) => {
  const root = withFiles(t, 'f/a.crt');
  for (const name of ['f/1.crt', 'f/2.crt']) writeFileSync(join(root, name), '');
  const { entries, diagnostics } = await readSources(partitionOf(root, 'f', 'missing.crt'), root);
  assert.deepEqual(
    entries.map(({ name }) => name),
    ['f/1.crt', 'f/2.crt', 'f/a.crt'],
  );
  assert.deepEqual(
    diagnostics.map(({ code, message }) => [code, message]),
    [['source-missing', 'missing.crt does not exist']],
  );
  const partition = partitionOf(root, 'f/1.crt');
  const raw = { ...partition, sources: partition.sources.map((one) => ({ ...one, kind: 'data' as const })) };
  assert.deepEqual(
    (await readSources(raw, root)).diagnostics.map(({ code, message }) => [code, message]),
    [['empty-file', 'f/1.crt is empty']],
  );
});

test('a file that this user may not read', { skip: process.platform === 'win32' }, async (t) => {
  const root = withFiles(t, 'f/a.crt');
  for (const folder of [root, join(root, 'f')]) chmodSync(folder, 0o755);
  chmodSync(join(root, 'f/a.crt'), 0o000);
  const { diagnostics } = await unprivilegedAsync(() => readSources(partitionOf(root, 'f'), root));
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['f/a.crt cannot be read: permission denied'],
  );
});
