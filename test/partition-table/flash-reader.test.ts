import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FlashReader, readerOf } from '../../src/core/flash-reader.ts';
import { withFlash } from '../../src/device/session.ts';
import { partitionsOf } from '../../src/partition-table/partitions-of.ts';
import { simulatedChip } from '../support/chip/chip.ts';
import { flashProject } from '../support/flash-project.ts';
import { scratch } from '../support/scratch.ts';

const namesIn = async (flash: FlashReader, offset?: number): Promise<string[]> => {
  const found = await partitionsOf(flash, offset);
  if (!found.ok) return [found.error.message];
  return found.value.entries.map((entry) => `${entry.name} ${entry.offset} ${entry.size}`);
};

test('a dump of flash has the partitions that the device has, found by the same search', async (t) => {
  const { flash } = flashProject(scratch(t), 'atpki');
  const chip = simulatedChip(t, { chip: 'esp32', flash });
  const { value, diagnostics } = await withFlash({ ...chip.access(), onPhase: () => {} }, ({ flash: held }) =>
    namesIn(held),
  );
  assert.deepEqual(diagnostics, []);
  const names = await namesIn(readerOf(flash, 'dump.bin'));
  assert.deepEqual(names, value);
  assert.ok(names.some((name) => name.startsWith('mqtt_ca ')));
  assert.ok(names.some((name) => name.startsWith('partition-table 32768 ')));
});

test('a dump without a table is named for what it is', async () => {
  const empty = readerOf(new Uint8Array(0x20000).fill(0xff), 'dump.bin');
  assert.deepEqual(await namesIn(empty), ['dump.bin has no partition table at 0x8000, 0xc000 and 0x10000']);
  assert.deepEqual(await namesIn(readerOf(new Uint8Array(10), 'short.bin'), 0x8000), [
    'short.bin has no partition table at 0x8000',
  ]);
});
