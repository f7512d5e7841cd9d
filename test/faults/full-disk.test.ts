import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { replaceFile } from '../../src/files/write-file.ts';
import { ran } from '../support/child.ts';
import { scratch } from '../support/scratch.ts';
import { onSmallDisk } from '../support/small-disk.ts';

const writer = fileURLToPath(new URL('../support/writer.js', import.meta.url));
const old = Buffer.alloc(32 * 1024, 0x55);
const open = { secret: false };

test('on a full disk the old image stays whole, and the message has the numbers', (t) => {
  const disk = scratch(t);
  const file = join(disk, 'client_ca.bin');
  const mounted = onSmallDisk(disk, () => {
    writeFileSync(file, old);
    const result = replaceFile(file, new Uint8Array(40 * 1024), open);
    assert.ok(!result.ok);
    assert.equal(result.error.errno, 'ENOSPC');
    assert.equal(
      result.error.message,
      `cannot write ${file}: the disk is full: 40,960 bytes are needed, 32,768 are free in ${disk}`,
    );
    assert.match(result.error.hint ?? '', /free some space/);
    assert.deepEqual(readFileSync(file), old);
    assert.deepEqual(readdirSync(disk), ['client_ca.bin']);
    assert.ok(replaceFile(file, new Uint8Array(32 * 1024), open).ok, 'what fits is written');
  });
  if (!mounted) t.skip('mounting a small disk is not allowed here');
});

test('on a read-only file system the message says so', (t) => {
  const disk = scratch(t);
  const file = join(disk, 'client_ca.bin');
  const mounted = onSmallDisk(disk, () => {
    writeFileSync(file, old);
    assert.equal(ran('mount', ['-o', 'remount,ro', disk]).code, 0);
    for (const target of [file, join(disk, 'new', 'folder', 'client_ca.bin')]) {
      const result = replaceFile(target, new Uint8Array(8), open);
      assert.ok(!result.ok);
      assert.match(result.error.message, /is on a read-only file system/);
    }
    assert.deepEqual(readFileSync(file), old);
  });
  if (!mounted) t.skip('mounting a small disk is not allowed here');
});

test('at the limit of file sizes the old image stays whole, and the message names the limit', (t) => {
  if (process.platform === 'win32') return t.skip('needs ulimit');
  const folder = join(scratch(t), 'out');
  mkdirSync(folder);
  const file = join(folder, 'client_ca.bin');
  writeFileSync(file, old);
  // 64 blocks: 32 KiB in a POSIX shell, 64 KiB in bash. The folder exists, which stops the writer after one image.
  const limited = ['-c', 'ulimit -f 64 && exec "$@"', 'sh', process.execPath, writer, file, folder, '100000', '0xaa'];
  const { stdout } = ran('sh', limited);
  const problem = JSON.parse(stdout.split('\n')[0] ?? '');
  assert.equal(problem.errno, 'EFBIG');
  assert.match(problem.message, /100,000 bytes are more than one file may have here/);
  assert.match(problem.hint, /ulimit -f/);
  assert.deepEqual(readFileSync(file), old);
  assert.deepEqual(readdirSync(folder), ['client_ca.bin']);
});
