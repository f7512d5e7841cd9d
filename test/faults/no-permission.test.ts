import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareFile, replaceFile, restrictMode } from '../../src/files/write-file.ts';
import { scratch } from '../support/scratch.ts';
import { unprivileged } from '../support/unprivileged.ts';

const posix = { skip: process.platform === 'win32' && 'permissions are POSIX here' };
const asRoot = { skip: process.geteuid?.() !== 0 && 'needs a file of another user' };
const image = new Uint8Array([1, 2, 3, 4]);
const open = { secret: false };
const secret = { secret: true };

/** A folder of this mode that holds an old image, and can be reached by everybody. */
function outDir(parent: string, mode: number): { folder: string; file: string } {
  chmodSync(parent, 0o755);
  const folder = join(parent, 'out');
  mkdirSync(folder);
  const file = join(folder, 'client_ca.bin');
  writeFileSync(file, 'old');
  chmodSync(folder, mode);
  return { folder, file };
}

test('in a read-only folder the old image stays, and the message names the folder', posix, (t) => {
  const { folder, file } = outDir(scratch(t), 0o555);
  for (const target of [file, join(folder, 'new.bin'), join(folder, 'new', 'folder', 'new.bin')]) {
    const result = unprivileged(() => replaceFile(target, image, open));
    assert.ok(!result.ok);
    assert.equal(result.error.errno, 'EACCES');
    assert.match(result.error.message, new RegExp(`^cannot write ${target}: permission denied in ${folder}`));
    assert.match(result.error.hint ?? '', /make that folder writable/);
  }
  assert.equal(readFileSync(file, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder), ['client_ca.bin']);
  chmodSync(folder, 0o755);
});

test(
  'in a folder that may not be entered an image counts as different, and the message names the folder',
  posix,
  (t) => {
    const { folder, file } = outDir(scratch(t), 0o000);
    assert.equal(
      unprivileged(() => compareFile(file, image, open)),
      'different',
    );
    const result = unprivileged(() => replaceFile(file, image, open));
    assert.ok(!result.ok);
    assert.match(result.error.message, /permission denied in /);
    chmodSync(folder, 0o755);
    assert.equal(readFileSync(file, 'utf8'), 'old');
  },
);

test('an image that may not be read is replaced, since its folder allows it', posix, (t) => {
  const { file } = outDir(scratch(t), 0o777);
  chmodSync(file, 0o000);
  assert.equal(
    unprivileged(() => compareFile(file, image, secret)),
    'different',
  );
  assert.ok(unprivileged(() => replaceFile(file, image, secret)).ok);
  assert.deepEqual(new Uint8Array(readFileSync(file)), image);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a folder that may be written but not listed is good enough', posix, (t) => {
  const { folder, file } = outDir(scratch(t), 0o333);
  assert.ok(unprivileged(() => replaceFile(file, image, open)).ok);
  chmodSync(folder, 0o755);
  assert.deepEqual(readdirSync(folder), ['client_ca.bin']);
});

test('a key of another user that lies open cannot be closed, and the message says what to do', asRoot, (t) => {
  const { file } = outDir(scratch(t), 0o755);
  chownSync(file, 12345, 12345);
  const result = unprivileged(() => restrictMode(file));
  assert.ok(!result.ok);
  assert.match(result.error.message, /holds a private key that others can read/);
  assert.match(result.error.hint ?? '', /delete it and build again/);
});
