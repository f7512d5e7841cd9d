import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { changesBetween } from '../../src/watch/changes.ts';
import { differences, fingerprintOf } from '../../src/watch/fingerprint.ts';
import { scratch } from '../support/scratch.ts';

test('changes are named as people would: the file in a folder, the folder instead of all that is in it', (t) => {
  const folder = scratch(t);
  const raw = join(folder, 'raw');
  const [a, b, c] = ['a', 'b', 'c'].map((name) => join(raw, name)) as [string, string, string];
  mkdirSync(raw);
  for (const file of [a, b]) writeFileSync(file, 'one');
  const look = () => fingerprintOf([raw, a, b, c]);
  const steps: [change: () => void, expected: [what: string, path: string][]][] = [
    [() => writeFileSync(a, 'two'), [['changed', a]]],
    [() => writeFileSync(c, 'new'), [['new', c]]],
    [() => rmSync(b), [['gone', b]]],
    [() => utimesSync(a, 1, 1), []],
    [() => renameSync(raw, `${raw}-away`), [['gone', raw]]],
    [() => renameSync(`${raw}-away`, raw), [['new', raw]]],
  ];
  for (const [change, expected] of steps) {
    const before = look();
    change();
    const changes = changesBetween(before, look());
    assert.deepEqual(
      changes.map(({ what, path }) => [what, path]),
      expected,
    );
  }
});

test('a file that was written again with the same content has another fingerprint, and no other content', (t) => {
  const file = join(scratch(t), 'a');
  writeFileSync(file, 'one');
  const before = fingerprintOf([file]);
  utimesSync(file, 1, 1);
  assert.deepEqual(differences(before, fingerprintOf([file]), 'content'), []);
  assert.deepEqual(differences(before, fingerprintOf([file]), 'writing'), [file]);
});
