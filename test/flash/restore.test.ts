import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { equalBytes } from '../../src/core/bytes.ts';
import { sectorSize } from '../../src/core/range.ts';
import { DeviceError } from '../../src/device/device.ts';
import { saveBackup } from '../../src/flash/backup.ts';
import { readBackupRuns } from '../../src/flash/backup-runs.ts';
import { checkImages } from '../../src/flash/images.ts';
import { readBackup } from '../../src/flash/read-backup.ts';
import { checkBoard, imagesOf } from '../../src/flash/restore.ts';
import { diffSectors } from '../../src/flash/sector-diff.ts';
import { memoryDevice } from '../support/memory-device.ts';
import { filled } from '../support/nvs-content.ts';
import { scratch } from '../support/scratch.ts';

const posix = { skip: process.platform === 'win32' && 'links are POSIX here' };
const time = new Date('2026-11-21T12:30:05Z');
const facts = { chip: 'ESP32-C3', mac: 'a0:b1:c2:d3:e4:f5' };
const runs = [
  { partition: 'client_ca', offset: 0x2e000, bytes: filled(sectorSize, 1) },
  { partition: 'mqtt_key', offset: 0x39000, bytes: filled(2 * sectorSize, 2) },
];

function saved(root: string, of = runs): string {
  const folder = saveBackup({ root, facts, runs: of, time });
  assert.ok(folder.ok);
  return folder.value;
}

function refused(folder: string): string {
  const backup = readBackup(folder);
  assert.ok(!backup.ok);
  assert.equal(backup.error.code, 'backup-unreadable');
  assert.ok(backup.error.hint);
  return backup.error.message;
}

/** The message for a backup whose index was changed. */
function refusedIndex(
  root: string,
  change: (index: Record<string, unknown>, run: Record<string, unknown>) => void,
): string {
  const folder = saved(root);
  const file = join(folder, 'backup.json');
  const index = JSON.parse(readFileSync(file, 'utf8'));
  change(index, index.runs[0]);
  writeFileSync(file, JSON.stringify(index));
  return refused(folder);
}

test('after a cut at any sector, the backup gives the old flash back, and a second run the new one', async (t) => {
  const root = scratch(t);
  const scene = fc.record({
    seeds: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
    short: fc.nat(5000),
    changed: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 12 }),
    cutAfter: fc.nat(12),
    full: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(scene, async ({ seeds, short, changed, cutAfter, full }) => {
      const old = filled(20 * sectorSize, seeds[0]);
      const next = old.slice(2 * sectorSize, 14 * sectorSize - short);
      for (const sector of changed) if (sector * sectorSize < next.length) next[sector * sectorSize]! ^= 0x81;
      const images = [
        { name: 'mfg_nvs', offset: 2 * sectorSize, size: 12 * sectorSize, bytes: next },
        { name: 'client_ca', offset: 15 * sectorSize, size: 2 * sectorSize, bytes: filled(1000, seeds[1]) },
      ];
      const device = memoryDevice(old.slice(), { cutAfter });
      const changes = await diffSectors(device.flash, images, { full });
      const folder = saved(root, await readBackupRuns(device.flash, changes));
      const write = device.flash.write(changes.flatMap((one) => one.runs));
      await write.catch((error) => assert.ok(error instanceof DeviceError));

      const board = memoryDevice(device.bytes.slice());
      const backup = readBackup(folder);
      assert.ok(backup.ok);
      const restored = imagesOf(backup.value);
      assert.deepEqual(checkImages(restored, board.flash), []);
      await board.flash.write((await diffSectors(board.flash, restored)).flatMap((one) => one.runs));
      assert.ok(equalBytes(board.bytes, old), 'the old flash');

      const second = memoryDevice(device.bytes.slice());
      await second.flash.write((await diffSectors(second.flash, images)).flatMap((one) => one.runs));
      const whole = memoryDevice(old.slice());
      await whole.flash.write((await diffSectors(whole.flash, images, { full: true })).flatMap((one) => one.runs));
      assert.ok(equalBytes(second.bytes, whole.bytes), 'as without the cut');
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 40 },
  );
});

test('a file that was changed, cut or removed is found before anything is put back', (t) => {
  const root = scratch(t);
  const changed = saved(root);
  writeFileSync(join(changed, '0x0002e000.bin'), filled(sectorSize, 9));
  assert.equal(refused(changed), 'the backup is damaged: 0x0002e000.bin is not what was saved');
  const cut = saved(root);
  truncateSync(join(cut, '0x00039000.bin'), 5000);
  assert.equal(refused(cut), 'the backup is damaged: 0x00039000.bin has 5,000 bytes, not 8,192');
  const grown = saved(root);
  writeFileSync(join(grown, '0x0002e000.bin'), filled(5000, 1));
  assert.equal(refused(grown), 'the backup is damaged: 0x0002e000.bin has 5,000 bytes, more than 4,096');
  const removed = saved(root);
  rmSync(join(removed, '0x00039000.bin'));
  assert.equal(refused(removed), 'the backup is damaged: 0x00039000.bin is not there');
});

test('an index that leads out of the folder, or anywhere else, is refused', posix, (t) => {
  const root = scratch(t);
  const damaged = 'the backup is damaged: backup.json is not as at-pki writes it';
  const outside = join(root, 'secret.bin');
  writeFileSync(outside, runs[0]!.bytes);
  for (const file of ['../secret.bin', outside, '..\\secret.bin', '0x00039000.bin', 'backup.json', 7]) {
    assert.equal(
      refusedIndex(root, (_, run) => Object.assign(run, { file })),
      damaged,
      String(file),
    );
  }
  const folder = saved(root);
  rmSync(join(folder, '0x0002e000.bin'));
  symlinkSync(outside, join(folder, '0x0002e000.bin'));
  assert.equal(refused(folder), 'the backup is damaged: 0x0002e000.bin is no file');
});

test('an index with other values than at-pki writes is refused', (t) => {
  const root = scratch(t);
  const damaged = 'the backup is damaged: backup.json is not as at-pki writes it';
  const places = [
    { offset: 0x2e001, file: '0x0002e001.bin' },
    { size: 0 },
    { size: 100 },
    { offset: -4096 },
    { offset: '0' },
  ];
  for (const one of [
    ...places,
    { offset: 2 ** 32, file: '0x100000000.bin' },
    { sha256: 'x' },
    { partition: '\u001b[2J' },
  ]) {
    assert.equal(
      refusedIndex(root, (_, run) => Object.assign(run, one)),
      damaged,
      JSON.stringify(one),
    );
  }
  for (const one of [{ version: 2 }, { mac: '../..' }, { chip: 1 }, { runs: {} }, { runs: [null] }]) {
    assert.equal(
      refusedIndex(root, (index) => Object.assign(index, one)),
      damaged,
      JSON.stringify(one),
    );
  }
  assert.equal(
    refusedIndex(root, (index, run) => Object.assign(index, { runs: [run, run] })),
    'the backup is damaged: two of its runs hold 0x2e000',
  );
  const folder = saved(root);
  writeFileSync(join(folder, 'backup.json'), '{ "version": 1,');
  assert.equal(refused(folder), damaged);
});

test('a folder that is no backup, or was never completed, is refused with the place of backups', (t) => {
  const root = scratch(t);
  const folder = saved(root);
  assert.match(refused(dirname(folder)), /a0-b1-c2-d3-e4-f5 is no backup: backup\.json is not there$/);
  mkdirSync(join(root, 'folder', 'backup.json'), { recursive: true });
  assert.match(refused(join(root, 'folder')), /is no backup: backup\.json is no file$/);
  assert.match(refused(join(root, 'missing')), /missing is no backup/);
});

test('it is put back onto the board that it is of, and onto another one only when told so', (t) => {
  const backup = readBackup(saved(scratch(t)));
  assert.ok(backup.ok);
  const other = { chip: 'ESP32-C3', mac: 'a0:b1:c2:d3:e4:f6' };
  assert.deepEqual(checkBoard(backup.value, facts, false), []);
  const [error] = checkBoard(backup.value, other, false);
  assert.deepEqual([error?.code, error?.severity], ['chip-mismatch', 'error']);
  assert.equal(
    error?.message,
    'the backup is of the ESP32-C3 a0:b1:c2:d3:e4:f5, but this board is the ESP32-C3 a0:b1:c2:d3:e4:f6',
  );
  assert.equal(checkBoard(backup.value, other, true)[0]?.severity, 'warning');
  assert.equal(checkBoard(backup.value, { ...facts, chip: 'ESP32' }, false).length, 1);
});
