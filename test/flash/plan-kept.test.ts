import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isError } from '../../src/core/diagnostics/diagnostic.ts';
import { sectorSize } from '../../src/core/range.ts';
import { stubDriver } from '../../src/device/drivers/stub/connect.ts';

import { emptyOutcome, putImages } from '../../src/flash/put-images.ts';
import { simulatedChip } from '../support/chip/chip.ts';
import { scratch } from '../support/scratch.ts';

const flashSize = 1 << 20;

/** Images that do not overlap, some like what is there, and of any length. */
const images = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 3 }),
      sectors: fc.integer({ min: 1, max: 6 }),
      cut: fc.integer({ min: 0, max: 4095 }),
      seed: fc.integer(),
      alike: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => {
    let next = 4;
    return parts.map(({ gap, sectors, cut, seed, alike }, index) => {
      const offset = (next + gap) * sectorSize;
      next += gap + sectors;
      return {
        name: `part${index}`,
        offset,
        size: sectors * sectorSize,
        length: sectors * sectorSize - cut,
        seed,
        alike,
      };
    });
  });

const bytesOf = (length: number, seed: number): Uint8Array => {
  let state = seed | 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
};

test('whatever is there and whatever is planned: the images are held, and no other sector is ever touched', async (t) => {
  const root = scratch(t);
  const chip = simulatedChip(t, { chip: 'esp32c3', flashSize });
  const device = await stubDriver.connect({ ...chip.access(), baud: 921_600, before: 'default-reset' });
  await fc.assert(
    fc.asyncProperty(images, fc.integer(), fc.boolean(), fc.boolean(), async (plan, seed, full, backup) => {
      chip.flash.set(bytesOf(flashSize, seed));
      const before = chip.flash.slice();
      const planned = plan.map(({ length, alike, seed: own, ...one }) => {
        const bytes = alike ? before.slice(one.offset, one.offset + length) : bytesOf(length, own);
        // Like what is there but for one byte.
        if (alike && own % 2 === 0) bytes[own % length < 0 ? 0 : own % length] = own & 0xff;
        return { ...one, bytes };
      });
      chip.forget();
      const outcome = emptyOutcome();
      const request = { root, backup, full, now: () => new Date(), onPhase: () => {}, isError, decide: new Map() };
      await putImages(device, planned, request, outcome);
      assert.deepEqual(outcome.diagnostics, []);
      const sectors = new Set<number>();
      for (const { offset, bytes } of planned) {
        assert.ok(Buffer.from(chip.flash.subarray(offset, offset + bytes.length)).equals(bytes));
        for (let at = offset; at < offset + bytes.length; at += sectorSize) sectors.add(at / sectorSize);
      }
      for (const sector of chip.erasedSectors) assert.ok(sectors.has(sector), `sector ${sector} is none of the plan's`);
      for (let sector = 0; sector < flashSize / sectorSize; sector++) {
        const [from, to] = [sector * sectorSize, (sector + 1) * sectorSize];
        if (sectors.has(sector)) continue;
        assert.ok(
          Buffer.from(chip.flash.subarray(from, to)).equals(before.subarray(from, to)),
          `sector ${sector} stays`,
        );
      }
    }),
    { numRuns: 30 },
  );
  await device.close('no-reset');
});
