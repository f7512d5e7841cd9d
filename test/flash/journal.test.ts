import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isError } from '../../src/core/diagnostics/diagnostic.ts';
import { sectorSize } from '../../src/core/range.ts';

import type { PlannedImage } from '../../src/flash/images.ts';
import { emptyOutcome, type Outcome, type PutRequest, putImages } from '../../src/flash/put-images.ts';
import { decode } from '../../src/formats/nvs/decode.ts';
import { encode } from '../../src/formats/nvs/encode.ts';
import { type SimulatedChip, simulatedChip } from '../support/chip/chip.ts';
import { type FlashProject, flashProject } from '../support/flash-project.ts';
import { errorsIn, flashChip } from '../support/flash-run.ts';
import { type MemoryDevice, memoryDevice } from '../support/memory-device.ts';
import { filled } from '../support/nvs-content.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

/** A board that holds the image of a project, and a value of its own besides. */
async function boardWithValue(t: Cleanup): Promise<{ project: FlashProject; chip: SimulatedChip }> {
  const project = flashProject(scratch(t), 'nvs');
  const chip = simulatedChip(t, { chip: 'esp32', flash: project.flash });
  await flashChip(project.folder, chip);
  addValue(chip, project, 'A-0815');
  return { project, chip };
}

function addValue(chip: SimulatedChip, { range }: FlashProject, value: string): void {
  const held = decode(chip.flash.slice(range.offset, range.offset + range.size));
  assert.ok(held.ok);
  const entries = [...held.value.entries, { namespace: 'mine', key: 'serial', type: 'string', value } as const];
  const image = encode({ entries }, { size: range.size });
  assert.ok(image.ok);
  chip.flash.set(image.value.image, range.offset);
}

function valuesOf(flash: Uint8Array, { range }: FlashProject): unknown[] {
  const held = decode(flash.slice(range.offset, range.offset + range.size));
  assert.ok(held.ok);
  assert.deepEqual(held.value.warnings, []);
  return held.value.entries.filter(({ namespace }) => namespace === 'mine').map(({ value }) => value);
}

/** The first certificate of all is a longer one: every sector behind it changes. */
function changeCertificate({ folder }: FlashProject): () => void {
  const [name = ''] = readdirSync(join(folder, 'raw_data/client_ca'));
  const file = join(folder, 'raw_data/client_ca', name);
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, `${before}${'\n'.repeat(300)}`);
  return () => writeFileSync(file, before);
}

const powerCut = { kind: 'power', programmed: 6000 } as const;

describe('after a flash that was broken off', () => {
  test('the old files again: the device gets back what it had, its own values included', async (t) => {
    const { project, chip } = await boardWithValue(t);
    const before = chip.flash.slice();
    const undo = changeCertificate(project);
    chip.faults.add(powerCut);
    assert.deepEqual(errorsIn(await flashChip(project.folder, chip, { values: 'merge' })), ['port-lost']);
    assert.notDeepEqual(chip.flash, before);
    undo();
    const again = await flashChip(project.folder, chip);
    assert.deepEqual(errorsIn(again), []);
    assert.ok(Buffer.from(chip.flash).equals(before), 'as if nothing had been');
    assert.equal(again.partitions[0]?.flash?.status, 'written');
    assert.equal(again.partitions[0]?.flash?.valuesKept, 1);
  });

  test('a second break under --no-backup, in another plan, costs no value either', async (t) => {
    const { project, chip } = await boardWithValue(t);
    changeCertificate(project);
    chip.faults.add(powerCut);
    await flashChip(project.folder, chip, { values: 'merge' });
    changeCertificate(project);
    chip.faults.add({ ...powerCut, programmed: 10_000 });
    const second = await flashChip(project.folder, chip, { values: 'merge', backup: false });
    assert.deepEqual(errorsIn(second), ['port-lost']);
    const third = await flashChip(project.folder, chip, { values: 'merge', backup: false });
    assert.deepEqual(errorsIn(third), []);
    assert.ok(!third.diagnostics.some(({ code }) => code === 'unfinished-flash'));
    assert.deepEqual(valuesOf(chip.flash, project), ['A-0815']);
  });

  test('a device that happens to hold the image already still gets its values back', async (t) => {
    const { project, chip } = await boardWithValue(t);
    const before = chip.flash.slice();
    chip.faults.add({ kind: 'power', programmed: 200 });
    assert.deepEqual(errorsIn(await flashChip(project.folder, chip, { values: 'overwrite' })), ['port-lost']);
    // As the cut might have left it.
    const plan = readFileSync(join(project.folder, 'out/mfg_nvs.bin'));
    chip.flash.set(plan, project.range.offset);
    assert.deepEqual(errorsIn(await flashChip(project.folder, chip, { values: 'merge' })), []);
    assert.deepEqual(valuesOf(chip.flash, project), ['A-0815']);
    assert.ok(Buffer.from(chip.flash).equals(before));
  });

  test('what another project flashed since is neither lost nor overruled', async (t) => {
    const { project, chip } = await boardWithValue(t);
    changeCertificate(project);
    chip.faults.add(powerCut);
    await flashChip(project.folder, chip, { values: 'merge' });

    const other = flashProject(scratch(t), 'nvs');
    const [name = ''] = readdirSync(join(other.folder, 'raw_data/client_ca'));
    writeFileSync(
      join(other.folder, 'raw_data/client_ca', name),
      readFileSync(join(other.folder, 'raw_data/mqtt_ca/mqtt_ca.crt')),
    );
    await flashChip(other.folder, chip, { values: 'overwrite' });
    addValue(chip, project, 'B-4711');
    const since = chip.flash.slice(project.range.offset, project.range.offset + project.range.size);

    const result = await flashChip(project.folder, chip, { values: 'merge' });
    assert.deepEqual(errorsIn(result), []);
    assert.ok(result.diagnostics.some(({ code }) => code === 'unfinished-flash'));
    assert.deepEqual(valuesOf(chip.flash, project), ['B-4711']);
    for (const file of readdirSync(result.device?.backup ?? '').filter((one) => one.endsWith('.bin'))) {
      const offset = Number.parseInt(file, 16) - project.range.offset;
      const saved = readFileSync(join(result.device?.backup ?? '', file));
      assert.ok(saved.equals(since.subarray(offset, offset + saved.length)), 'the backup has what was there');
    }
  });
});

const request = (root: string): PutRequest => ({
  ...{ root, backup: true, full: false, now: () => new Date(), onPhase: () => {}, isError, decide: new Map() },
});

async function put(device: MemoryDevice, images: readonly PlannedImage[], root: string): Promise<Outcome> {
  const outcome = emptyOutcome();
  await putImages(device, images, request(root), outcome).catch(() => {});
  return outcome;
}

const image = (name: string, offset: number, seed: number): PlannedImage => ({
  ...{ name, offset, size: 2 * sectorSize, bytes: filled(2 * sectorSize, seed) },
});
const noteOf = (root: string): string => join(root, '.at-pki/backup/a0-b1-c2-d3-e4-f5/unfinished');

test('only what was flashed again is finished: what another partition had before is in every backup until then', async (t) => {
  const root = scratch(t);
  const old = [filled(2 * sectorSize, 1), filled(2 * sectorSize, 2)] as const;
  const start = new Uint8Array(0x40000).fill(0xff);
  start.set(old[0], 0x10000);
  start.set(old[1], 0x20000);
  const cut = memoryDevice(start, { cutAfter: 3 });
  const [a, b] = [image('a', 0x10000, 3), image('b', 0x20000, 4)];
  const broken = await put(cut, [a, b], root);
  assert.ok(broken.begun);
  if (process.platform !== 'win32') assert.equal(statSync(noteOf(root)).mode & 0o777, 0o600);

  const device = memoryDevice(cut.bytes);
  await put(device, [{ ...a, bytes: filled(2 * sectorSize, 5) }], root);
  assert.ok(existsSync(noteOf(root)), 'b still waits');
  const last = await put(device, [b], root);
  assert.deepEqual(readFileSync(join(last.backup ?? '', '0x00020000.bin')), Buffer.from(old[1]));
  assert.ok(!existsSync(noteOf(root)));
});

test('where it cannot be noted that a flash begins, it does not begin', {
  skip: process.platform === 'win32',
}, async (t) => {
  const root = scratch(t);
  // In place of the note.
  mkdirSync(join(noteOf(root), 'folder'), { recursive: true });
  chmodSync(noteOf(root), 0o700);
  const device = memoryDevice();
  const outcome = await put(device, [image('a', 0x10000, 3)], root);
  assert.deepEqual(
    outcome.diagnostics.map(({ code }) => code),
    ['write-failed'],
  );
  assert.equal(outcome.begun, false);
  assert.equal(device.asked.sectorsErased, 0);
});
