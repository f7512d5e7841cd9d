import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { type SimulatedChip, simulatedChip } from '../support/chip/chip.ts';
import type { ChipOptions } from '../support/chip/options.ts';
import { RawClient, words } from '../support/chip/raw-client.ts';
import { typicalTiming } from '../support/chip/timing.ts';
import { noise } from '../support/noise.ts';

async function timed(t: TestContext, options: ChipOptions = {}) {
  const chip = simulatedChip(t, { lines: false, start: 'stub', timing: true, ...options });
  const client = await RawClient.open(chip.port());
  return { chip, client };
}

/** Milliseconds that it takes, by the clock of the chip. */
async function duration({ clock }: SimulatedChip, work: () => Promise<unknown>): Promise<number> {
  const begun = clock.now();
  await work();
  return clock.now() - begun;
}

const isAbout = (milliseconds: number, expected: number): void =>
  assert.ok(Math.abs(milliseconds - expected) < 1e-6, `took ${milliseconds} ms, wanted ${expected}`);

test('bytes take their time on the wire, both ways', async (t) => {
  const { chip, client } = await timed(t);
  // A request of 14 bytes and a reply of 12.
  const turn = (26 * 10_000) / 115200 + typicalTiming.command;
  const twenty = async () => {
    for (let done = 0; done < 20; done++) await client.ask('readReg', words(0x40001000));
  };
  isAbout(await duration(chip, twenty), 20 * turn);
});

test('erasing takes its time, blocks of 64 KiB in one go', async (t) => {
  const { chip, client } = await timed(t);
  const erase = typicalTiming.sectorErase + typicalTiming.blockErase + typicalTiming.sectorErase;
  const wire = ((18 + 12) * 10_000) / 115200 + typicalTiming.command;
  isAbout(await duration(chip, () => client.ask('eraseRegion', words(0xf000, 0x12000))), erase + wire);
});

test('the stub writes while the next block comes in', async (t) => {
  const { client, chip } = await timed(t);
  await client.ask('changeBaud', words(921600, 115200));
  await client.connection.setBaud(921600);
  const image = noise(0x10000);
  const deflated = deflateSync(image);
  const write = async () => {
    chip.flash.fill(0);
    await client.ask('flashDeflBegin', words(image.length, 5, 0x4000, 0x10000));
    for (let at = 0; at * 0x4000 < deflated.length; at++) {
      await client.block('flashDeflData', at, deflated.subarray(at * 0x4000, (at + 1) * 0x4000));
    }
    await client.ask('flashDeflEnd', words(1));
  };
  const wire = (deflated.length * 10_000) / 921600;
  const flash = typicalTiming.blockErase + 256 * typicalTiming.pageProgram;
  // What is written after the last block cannot overlap: no more than the 32 KiB that the stub inflates at a time.
  const taken = await duration(chip, write);
  assert.ok(taken > Math.max(wire, flash) && taken < wire + flash, `${taken} ms, ${wire} of them on the wire`);
  assert.deepEqual(chip.flash.slice(0x10000, 0x20000), image);
});
