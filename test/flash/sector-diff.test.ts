import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { equalBytes } from '../../src/core/bytes.ts';
import { sectorSize } from '../../src/core/range.ts';
import type { PlannedImage } from '../../src/flash/images.ts';
import { diffSectors } from '../../src/flash/sector-diff.ts';
import { memoryDevice } from '../support/memory-device.ts';
import { filled } from '../support/nvs-content.ts';

const K = 1024;
const offset = 0x21000;
const image = (bytes: Uint8Array, size = bytes.length, at = offset): PlannedImage => ({
  name: 'mfg_nvs',
  offset: at,
  size,
  bytes,
});
const placesOf = (runs: readonly { offset: number; bytes: Uint8Array }[]) =>
  runs.map((run) => [run.offset, run.bytes.length]);
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

test('what the device holds already is found by one question for each image, and not written', async () => {
  const [nvs, ca] = [filled(112 * K, 1), filled(2000, 2)];
  const device = memoryDevice({ [offset]: nvs, [0x60000]: ca });
  const changes = await diffSectors(device.flash, [image(nvs), image(ca, 8 * K, 0x60000)]);
  assert.deepEqual(
    changes.map(({ runs }) => runs),
    [[], []],
  );
  assert.equal(device.asked.md5, 2);
});

test('one changed sector of 28 is found with a dozen questions, all changed ones with few more than there are', async () => {
  const nvs = filled(112 * K, 1);
  const one = memoryDevice({ [offset]: nvs.with(5 * sectorSize + 7, 0) });
  const [changes] = await diffSectors(one.flash, [image(nvs)]);
  assert.deepEqual(placesOf(changes!.runs), [[offset + 5 * sectorSize, sectorSize]]);
  assert.deepEqual(changes!.runs[0]?.bytes, nvs.subarray(5 * sectorSize, 6 * sectorSize));
  assert.ok(one.asked.md5 <= 12, `${one.asked.md5} questions`);

  const all = memoryDevice();
  assert.deepEqual(placesOf((await diffSectors(all.flash, [image(nvs)]))[0]!.runs), [[offset, nvs.length]]);
  assert.ok(all.asked.md5 <= 1 + 5 + 28, `${all.asked.md5} questions`);
});

test('where the device holds bytes that are at hand, one question is enough', async () => {
  const [old, next] = [
    filled(112 * K, 1),
    filled(112 * K, 1)
      .with(9 * sectorSize, 1)
      .with(10 * sectorSize, 1),
  ];
  const device = memoryDevice({ [offset]: old });
  const [changes] = await diffSectors(device.flash, [image(next)], {
    lookup: (range, sum) => (range.offset === offset && sum === md5(old) ? old : undefined),
  });
  assert.deepEqual(placesOf(changes!.runs), [[offset + 9 * sectorSize, 2 * sectorSize]]);
  assert.equal(device.asked.md5, 1);
  assert.equal(changes!.before.get(offset + 9 * sectorSize), md5(old.subarray(9 * sectorSize, 10 * sectorSize)));
});

test('--full writes every sector of an image and asks nothing', async () => {
  const nvs = filled(12 * K, 1);
  const device = memoryDevice({ [offset]: nvs });
  const [changes] = await diffSectors(device.flash, [image(nvs)], { full: true });
  assert.deepEqual(placesOf(changes!.runs), [[offset, 12 * K]]);
  assert.equal(device.asked.md5, 0);
});

test('behind a short image its last sector is erased, and the sectors after that stay', async () => {
  const device = memoryDevice({ [offset]: new Uint8Array(16 * K) });
  const ca = filled(5000, 3);
  const [changes] = await diffSectors(device.flash, [image(ca, 16 * K)]);
  await device.flash.write(changes!.runs);
  assert.deepEqual(device.bytes.subarray(offset, offset + 5000), ca);
  assert.ok(device.bytes.subarray(offset + 5000, offset + 8 * K).every((byte) => byte === 0xff));
  assert.ok(device.bytes.subarray(offset + 8 * K, offset + 16 * K).every((byte) => byte === 0));
});

test('an empty image changes nothing', async () => {
  const device = memoryDevice();
  const [changes] = await diffSectors(device.flash, [image(new Uint8Array(), 8 * K)]);
  assert.deepEqual(changes?.runs, []);
});

/** A small flash, images side by side in it, and of each how much the device has already. */
const scene = fc
  .record({
    seed: fc.nat(),
    images: fc.array(
      fc.record({
        gap: fc.nat(2),
        sectors: fc.integer({ min: 1, max: 30 }),
        short: fc.nat(6000),
        seed: fc.nat(),
        changedSectors: fc.array(fc.nat(29), { maxLength: 8 }),
        foreign: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
    full: fc.boolean(),
  })
  .map(({ seed, images, full }) => {
    let at = 0;
    const planned = images.map(({ gap, sectors, short, seed: own }): PlannedImage => {
      const size = sectors * sectorSize;
      const start = at + gap * sectorSize;
      at = start + size;
      return { name: `p${start}`, offset: start, size, bytes: filled(Math.max(0, size - short), own) };
    });
    const flash = filled(at + 2 * sectorSize, seed);
    for (const [index, { offset: start, bytes }] of planned.entries()) {
      const { foreign, changedSectors } = images[index]!;
      if (foreign) continue;
      flash.fill(0xff, start, start + Math.ceil(bytes.length / sectorSize) * sectorSize);
      flash.set(bytes, start);
      for (const sector of changedSectors)
        if (sector * sectorSize < bytes.length) flash[start + sector * sectorSize]! ^= 1;
    }
    return { flash, planned, full };
  });

test('on random flash and images: the images are there afterwards, nothing outside of their sectors has changed', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ flash, planned, full }) => {
      const device = memoryDevice(flash.slice());
      const changes = await diffSectors(device.flash, planned, { full });
      await device.flash.write(changes.flatMap(({ runs }) => runs));
      const wanted = flash.slice();
      for (const { offset: start, bytes } of planned) {
        wanted.fill(0xff, start, start + Math.ceil(bytes.length / sectorSize) * sectorSize);
        wanted.set(bytes, start);
      }
      assert.ok(equalBytes(device.bytes, wanted));
      const ranges = changes.map(({ range }) => range).filter(({ size }) => size > 0);
      const sums = changes.filter(({ range }) => range.size > 0).map((one) => one.md5);
      assert.deepEqual(await device.flash.digest(ranges), sums);
      const again = await diffSectors(device.flash, planned);
      assert.ok(again.every(({ runs }) => runs.length === 0));
    }),
    { numRuns: 60 },
  );
});

test('only sectors that differ are written', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ flash, planned }) => {
      const device = memoryDevice(flash.slice());
      const changes = await diffSectors(device.flash, planned);
      for (const { offset: start, bytes } of changes.flatMap(({ runs }) => runs)) {
        for (let at = 0; at < bytes.length; at += sectorSize) {
          const there = flash.subarray(start + at, start + at + sectorSize);
          assert.ok(!equalBytes(there, bytes.subarray(at, at + sectorSize)));
        }
      }
      for (const { before } of changes) {
        for (const [at, sum] of before) assert.equal(sum, md5(flash.subarray(at, at + sectorSize)));
      }
    }),
    { numRuns: 60 },
  );
});

test('an answer that was garbled on its way makes nothing count as the same', async () => {
  const nvs = filled(112 * K, 1);
  const held = nvs.with(5 * sectorSize, 0);
  /** A device whose answers to these questions, counted from 0, are those to something else. */
  const lying = (content: Uint8Array, answers: Readonly<Record<number, string>>) => {
    const device = memoryDevice({ [offset]: content });
    let asked = 0;
    const ask = device.flash.digest;
    device.flash.digest = async (ranges) => (await ask(ranges)).map((sum) => answers[asked++] ?? sum);
    return device;
  };
  const group = md5(nvs.subarray(0, 6 * sectorSize));
  const [missed] = await diffSectors(lying(held, { 1: group }).flash, [image(nvs)]);
  assert.deepEqual(placesOf(missed!.runs), [[offset, nvs.length]], 'all of it, since nobody knows where it differs');
  const same = lying(nvs, { 0: group });
  const [changes] = await diffSectors(same.flash, [image(nvs)]);
  assert.deepEqual(changes!.runs, [], 'asked again, it is the same');
});
