import assert from 'node:assert/strict';
import { readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sectorSize } from '../../src/core/range.ts';
import { readBackupRuns } from '../../src/flash/backup-runs.ts';
import { type PlannedImage, sectorsOf } from '../../src/flash/images.ts';
import { sectorCache } from '../../src/flash/sector-cache.ts';
import { diffSectors } from '../../src/flash/sector-diff.ts';
import { memoryDevice } from '../support/memory-device.ts';
import { filled } from '../support/nvs-content.ts';
import { scratch } from '../support/scratch.ts';

const facts = { mac: 'a0:b1:c2:d3:e4:f5' };
const image = (offset: number, bytes: Uint8Array, name = 'mfg_nvs'): PlannedImage => ({
  name,
  offset,
  size: bytes.length,
  bytes,
});
const size = 28 * sectorSize;
const folderOf = (root: string) => join(root, '.at-pki', 'backup', 'a0-b1-c2-d3-e4-f5', 'last');

test('after one flash, the next change is found, backed up and merged without reading anything', async (t) => {
  const root = scratch(t);
  const first = image(0x21000, filled(size, 1));
  const device = memoryDevice();
  await device.flash.write((await diffSectors(device.flash, [first])).flatMap(({ runs }) => runs));
  sectorCache(root, facts).keep([sectorsOf(first)]);

  const { lookup } = sectorCache(root, facts);
  Object.assign(device.asked, { md5: 0, reads: 0 });
  const next = image(0x21000, first.bytes.with(5 * sectorSize, 0).with(6 * sectorSize, 0));
  const changes = await diffSectors(device.flash, [next], { lookup });
  const [run] = await readBackupRuns(device.flash, changes, { lookup });
  assert.deepEqual(run?.bytes, first.bytes.slice(5 * sectorSize, 7 * sectorSize));
  assert.deepEqual({ md5: device.asked.md5, reads: device.asked.reads }, { md5: 1, reads: 0 });
});

test('a copy that the device no longer has is not believed', async (t) => {
  const root = scratch(t);
  const first = image(0x21000, filled(size, 1));
  const cache = sectorCache(root, facts);
  cache.keep([sectorsOf(first)]);
  // The firmware wrote a value of its own.
  const device = memoryDevice({ [0x21000]: first.bytes.with(3 * sectorSize, 0) });
  const changes = await diffSectors(device.flash, [image(0x21000, filled(size, 2))], { lookup: cache.lookup });
  const [run] = await readBackupRuns(device.flash, changes, { lookup: cache.lookup });
  assert.deepEqual(run?.bytes, device.bytes.slice(0x21000, 0x21000 + size));
  assert.equal(device.asked.bytesRead, sectorSize, 'the sector that differs');
});

test('copies are private, replaced where images move, and another board has others', (t) => {
  const root = scratch(t);
  const cache = sectorCache(root, facts);
  cache.keep([sectorsOf(image(0x21000, filled(3 * sectorSize, 1))), sectorsOf(image(0x40000, filled(100, 2)))]);
  cache.keep([sectorsOf(image(0x22000, filled(sectorSize, 3)))]);
  assert.deepEqual(readdirSync(folderOf(root)).sort(), ['0x00022000.bin', '0x00040000.bin']);
  if (process.platform !== 'win32') {
    for (const name of readdirSync(folderOf(root))) {
      assert.equal(statSync(join(folderOf(root), name)).mode & 0o777, 0o600);
    }
    assert.equal(statSync(folderOf(root)).mode & 0o777, 0o700);
  }
  const other = sectorCache(root, { mac: 'a0:b1:c2:d3:e4:f6' });
  const md5 = '00000000000000000000000000000000';
  assert.equal(other.lookup({ offset: 0x22000, size: sectorSize }, md5), undefined);
});

test('without a place for cache it works without them', async (t) => {
  const root = scratch(t);
  writeFileSync(join(root, '.at-pki'), '');
  const cache = sectorCache(root, facts);
  cache.keep([sectorsOf(image(0x21000, filled(100, 1)))]);
  assert.equal(sectorCache(root, facts).lookup({ offset: 0x21000, size: sectorSize }, ''), undefined);
});

test('what else lies in the folder is neither read nor removed', (t) => {
  const root = scratch(t);
  sectorCache(root, facts).keep([sectorsOf(image(0x21000, filled(100, 1)))]);
  for (const name of ['0x21000.bin', 'notes.txt', '0x0002g000.bin']) writeFileSync(join(folderOf(root), name), 'mine');
  if (process.platform !== 'win32') symlinkSync('notes.txt', join(folderOf(root), '0x00022000.bin'));
  const cache = sectorCache(root, facts);
  assert.equal(cache.lookup({ offset: 0x22000, size: 4 }, ''), undefined);
  cache.keep([sectorsOf(image(0x21000, filled(100, 2)))]);
  assert.ok(readdirSync(folderOf(root)).length >= 4);
});
