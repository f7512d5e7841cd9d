import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { sectorSize } from '../../src/core/range.ts';
import { saveBackup } from '../../src/flash/backup.ts';
import { readBackupRuns } from '../../src/flash/backup-runs.ts';
import type { PlannedImage } from '../../src/flash/images.ts';
import { readBackup } from '../../src/flash/read-backup.ts';
import { diffSectors } from '../../src/flash/sector-diff.ts';
import { memoryDevice } from '../support/memory-device.ts';
import { filled } from '../support/nvs-content.ts';
import { scratch } from '../support/scratch.ts';
import { onSmallDisk } from '../support/small-disk.ts';
import { unprivileged } from '../support/unprivileged.ts';

const posix = { skip: process.platform === 'win32' && 'modes are POSIX here' };
const time = new Date('2026-11-21T12:30:05.678Z');
const facts = { chip: 'ESP32-C3', mac: 'a0:b1:c2:d3:e4:f5' };
const image = (offset: number, bytes: Uint8Array, name = 'mfg_nvs'): PlannedImage => ({
  name,
  offset,
  size: bytes.length,
  bytes,
});
const runs = [
  { partition: 'client_ca', offset: 0x2e000, bytes: filled(sectorSize, 1) },
  { partition: 'mqtt_key', offset: 0x39000, bytes: filled(2 * sectorSize, 2) },
];
const modeOf = (file: string): number => statSync(file).mode & 0o777;

function saved(root: string, of = runs): string {
  const folder = saveBackup({ root, facts, runs: of, time });
  assert.ok(folder.ok, folder.ok ? '' : folder.error.message);
  return folder.value;
}

test('a backup lies beside the config, by board and time, and can be read back', (t) => {
  const root = scratch(t);
  const folder = saved(root);
  assert.equal(folder, join(root, '.at-pki', 'backup', 'a0-b1-c2-d3-e4-f5', '2026-11-21T12-30-05Z'));
  assert.deepEqual(readdirSync(folder).sort(), ['0x0002e000.bin', '0x00039000.bin', 'backup.json']);
  assert.deepEqual(readBackup(folder), { ok: true, value: { folder, ...facts, time: time.toISOString(), runs } });
  assert.equal(readFileSync(join(root, '.at-pki', '.gitignore'), 'utf8'), '*\n');
});

test('backup.json says what it holds without holding it', (t) => {
  const index = JSON.parse(readFileSync(join(saved(scratch(t)), 'backup.json'), 'utf8'));
  assert.deepEqual(index.runs[0], {
    offset: 0x2e000,
    size: sectorSize,
    sha256: index.runs[0].sha256,
    file: '0x0002e000.bin',
    partition: 'client_ca',
  });
  assert.match(index.runs[0].sha256, /^[0-9a-f]{64}$/);
});

test('nobody but the owner can look into it', posix, (t) => {
  const folder = saved(scratch(t));
  for (const name of readdirSync(folder)) assert.equal(modeOf(join(folder, name)), 0o600, name);
  for (const one of [folder, dirname(folder), dirname(dirname(folder))]) assert.equal(modeOf(one), 0o700, one);
});

test('flashes within one second have a backup each, and a .gitignore of the user stays', (t) => {
  const root = scratch(t);
  mkdirSync(join(root, '.at-pki'));
  writeFileSync(join(root, '.at-pki', '.gitignore'), 'backup\n');
  const names = [saved(root), saved(root, runs.slice(1)), saved(root)].map((folder) => basename(folder));
  assert.deepEqual(names, ['2026-11-21T12-30-05Z', '2026-11-21T12-30-05Z-2', '2026-11-21T12-30-05Z-3']);
  assert.equal(readFileSync(join(root, '.at-pki', '.gitignore'), 'utf8'), 'backup\n');
});

test('where no backup can be written it is said, and nothing that looks like one is left', (t) => {
  const root = scratch(t);
  writeFileSync(join(root, '.at-pki'), '');
  const result = saveBackup({ root, facts, runs, time });
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'write-failed');
  assert.match(result.error.message, /^no backup could be made, and nothing was flashed: cannot write /);
  assert.match(result.error.hint ?? '', /--no-backup/);
});

test('a folder that may not be written is named', posix, (t) => {
  const root = scratch(t);
  chmodSync(root, 0o755);
  const backups = join(root, '.at-pki', 'backup');
  mkdirSync(backups, { recursive: true });
  chmodSync(backups, 0o555);
  const result = unprivileged(() => saveBackup({ root, facts, runs, time }));
  chmodSync(backups, 0o755);
  assert.ok(!result.ok);
  assert.match(result.error.message, /permission denied/);
  assert.deepEqual(readdirSync(backups), []);
});

test('a disk that gets full leaves no half of a backup', (t) => {
  const disk = scratch(t);
  const mounted = onSmallDisk(disk, () => {
    const large = [...runs, { partition: 'mfg_nvs', offset: 0x50000, bytes: filled(16 * sectorSize, 3) }];
    const result = saveBackup({ root: disk, facts, runs: large, time });
    assert.ok(!result.ok);
    assert.match(result.error.message, /the disk is full/);
    assert.deepEqual(readdirSync(join(disk, '.at-pki', 'backup', 'a0-b1-c2-d3-e4-f5')), []);
  });
  if (!mounted) t.skip('mounting a small disk is not allowed here');
});

test('only sectors that change are read, neighbours in one go, and erased ones not at all', async () => {
  const there = filled(8 * sectorSize, 1);
  there.fill(0xff, 4 * sectorSize, 5 * sectorSize);
  const next = there.slice();
  for (const sector of [1, 2, 4, 5, 7]) next[sector * sectorSize]! ^= 1;
  const device = memoryDevice({ [0x21000]: there });
  const changes = await diffSectors(device.flash, [image(0x21000, next)]);
  const progress: number[][] = [];
  const read = await readBackupRuns(device.flash, changes, {
    onProgress: (done, total) => progress.push([done, total]),
  });
  assert.deepEqual(
    read.map(({ partition, offset, bytes }) => [partition, offset, bytes.length]),
    [
      ['mfg_nvs', 0x22000, 2 * sectorSize],
      ['mfg_nvs', 0x25000, 2 * sectorSize],
      ['mfg_nvs', 0x28000, sectorSize],
    ],
  );
  for (const { offset, bytes } of read) assert.deepEqual(bytes, device.bytes.slice(offset, offset + bytes.length));
  assert.deepEqual([device.asked.reads, device.asked.bytesRead], [3, 4 * sectorSize]);
  assert.deepEqual(progress.at(-1), [4 * sectorSize, 4 * sectorSize]);
});

test('what is at hand is not read, and what only looks like it is', async () => {
  const there = filled(4 * sectorSize, 1);
  const device = memoryDevice({ [0x21000]: there });
  const changes = await diffSectors(device.flash, [image(0x21000, filled(4 * sectorSize, 2))]);
  const sums = new Map(changes[0]!.before);
  const lookup = ({ offset, size }: { offset: number; size: number }, md5: string) =>
    offset !== 0x23000 && sums.get(offset) === md5
      ? there.subarray(offset - 0x21000, offset - 0x21000 + size)
      : undefined;
  const [run] = await readBackupRuns(device.flash, changes, { lookup });
  assert.deepEqual(run?.bytes, there);
  assert.equal(device.asked.bytesRead, sectorSize);
});

test('a full write has everything read first', async () => {
  const there = filled(4 * sectorSize, 1);
  const device = memoryDevice({ [0x21000]: there });
  const changes = await diffSectors(device.flash, [image(0x21000, there)], { full: true });
  assert.deepEqual((await readBackupRuns(device.flash, changes))[0]?.bytes, there);
  assert.deepEqual([device.asked.reads, device.asked.md5], [1, 0]);
});
