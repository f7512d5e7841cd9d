import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { sweep, temporaryFor } from '../../src/files/temporary.ts';
import { outputOf } from '../support/child.ts';
import { scratch } from '../support/scratch.ts';
import { unprivileged } from '../support/unprivileged.ts';

const dead = Number(outputOf(process.execPath, ['-p', 'process.pid']));
const leftOver = (pid: number | string, random = '9f3a1c') => `.client_ca.bin.${pid}-${random}.at-pki-tmp`;
const folderWith = (folder: string, ...names: string[]): string => {
  for (const name of names) writeFileSync(join(folder, name), 'part of an image');
  return folder;
};

test('a temporary file lies beside its target, and says whose it is', () => {
  const temporary = temporaryFor(join('build', 'client_ca.bin'));
  assert.equal(dirname(temporary), 'build');
  assert.match(basename(temporary), new RegExp(`^\\.client_ca\\.bin\\.${process.pid}-[0-9a-f]{6}\\.at-pki-tmp$`));
});

test('the temporary name of a long name is short enough for every file system, and cut between characters', () => {
  for (const name of ['x'.repeat(255), '证'.repeat(85), '🔑'.repeat(63)]) {
    const temporary = basename(temporaryFor(name));
    assert.ok(Buffer.byteLength(temporary) <= 143);
    assert.equal(Buffer.from(temporary).toString(), temporary);
  }
});

test('what a dead process left is swept, also under a shortened name', (t) => {
  const long = basename(temporaryFor('证'.repeat(85))).replace(`.${process.pid}-`, `.${dead}-`);
  const folder = folderWith(scratch(t), leftOver(dead), leftOver(dead, '000000'), long, 'client_ca.bin');
  sweep(folder);
  assert.deepEqual(readdirSync(folder), ['client_ca.bin']);
});

test('what a living process writes stays, even one of another user', { skip: process.platform === 'win32' }, (t) => {
  const [other, init] = [leftOver(process.ppid), leftOver(1)];
  const folder = folderWith(scratch(t), other, init);
  unprivileged(() => sweep(folder));
  sweep(folder);
  assert.deepEqual(readdirSync(folder).sort(), [other, init].sort());
});

test('a process whose number comes again, as in a container, sweeps what is older than itself', (t) => {
  const [now, before] = [leftOver(process.pid, 'aaaaaa'), leftOver(process.pid, 'bbbbbb')];
  const folder = folderWith(scratch(t), now, before);
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(join(folder, before), hourAgo, hourAgo);
  sweep(folder);
  assert.deepEqual(readdirSync(folder), [now]);
});

test('only files of exactly these names are swept', (t) => {
  const names = [
    leftOver(dead).slice(1),
    `${leftOver(dead)}~`,
    leftOver(dead, '9f3a1'),
    leftOver(dead, '9F3A1C'),
    leftOver(dead, '9f3a1cc'),
    leftOver(0),
    leftOver(`0${dead}`),
    leftOver('12345678901'),
    leftOver('9999999999'),
    `..${dead}-9f3a1c.at-pki-tmp`,
    `.client_ca.bin.${dead}-9f3a1c.tmp`,
    'client_ca.bin.tmp',
  ];
  const folder = folderWith(scratch(t), ...names);
  mkdirSync(join(folder, leftOver(dead, 'dddddd')));
  const before = readdirSync(folder);
  sweep(folder);
  assert.deepEqual(readdirSync(folder), before);
});

test('sweeping never fails', { skip: process.platform === 'win32' }, (t) => {
  const folder = scratch(t);
  sweep(join(folder, 'not there'));
  writeFileSync(join(folder, 'file'), '');
  sweep(join(folder, 'file'));
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  folderWith(locked, leftOver(dead));
  unprivileged(() => sweep(locked));
  mkdirSync(join(folder, 'unlisted'), { mode: 0 });
  unprivileged(() => sweep(join(folder, 'unlisted')));
});
