import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { type ChipOptions, simulatedChip } from '../support/chip/chip.ts';
import { RawClient, words } from '../support/chip/raw-client.ts';
import { typicalTiming } from '../support/chip/timing.ts';
import { noise } from '../support/noise.ts';

const limit = { timeout: 30_000 };

async function timed(t: TestContext, options: ChipOptions = {}) {
  const chip = simulatedChip({ lines: false, start: 'stub', timing: true, ...options });
  t.after(() => chip.close());
  const client = await RawClient.open(chip.way());
  return { chip, client };
}

/** Times that a machine with other things to do may be slower in each of its attempts. */
const slack = 5;

/**
 * Never faster than modelled. How much slower is up to the machine, which may have other things to do: the best of a few
 * attempts counts.
 */
async function assertTakes(atLeast: number, below: number, work: () => Promise<unknown>): Promise<void> {
  const tries: number[] = [];
  for (let turn = 0; turn < 8 && !tries.some((tried) => tried < below); turn++) {
    const begun = performance.now();
    await work();
    tries.push(performance.now() - begun);
  }
  const best = Math.min(...tries);
  const said = `took ${best.toFixed(1)} ms, wanted ${atLeast.toFixed(1)} to ${below.toFixed(1)}`;
  assert.ok(best >= atLeast - 1 && best < slack * below, said);
}

test('bytes take their time on the wire, both ways', limit, async (t) => {
  const { client } = await timed(t);
  // A request of 14 bytes and a reply of 12. What a timer is late in one turn is not added to the next.
  const turn = (26 * 10_000) / 115200 + typicalTiming.command;
  const twenty = async () => {
    for (let done = 0; done < 20; done++) await client.ask('readReg', words(0x40001000));
  };
  await assertTakes(20 * turn, 20 * turn + 20, twenty);
});

test('erasing takes its time, blocks of 64 KiB in one go', limit, async (t) => {
  const { client } = await timed(t);
  const erase = typicalTiming.sectorErase + typicalTiming.blockErase + typicalTiming.sectorErase;
  await assertTakes(erase, erase + 60, () => client.ask('eraseRegion', words(0xf000, 0x12000)));
});

test('the stub writes while the next block comes in', limit, async (t) => {
  const { client, chip } = await timed(t);
  await client.ask('changeBaud', words(921600, 115200));
  await client.link.setBaud(921600);
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
  await assertTakes(wire, wire + flash, write);
  assert.deepEqual(chip.flash.slice(0x10000, 0x20000), image);
});
