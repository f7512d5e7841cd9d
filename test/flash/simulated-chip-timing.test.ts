import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { type ChipOptions, simulatedChip } from '../support/chip/chip.ts';
import { RawClient, words } from '../support/chip/raw-client.ts';
import { noise } from '../support/noise.ts';

const limit = { timeout: 30_000 };

/** A stub at 115200, and what takes how long on it, in milliseconds. */
async function timed(t: TestContext, options: ChipOptions = {}) {
  const chip = simulatedChip({ lines: false, start: 'stub', timing: true, ...options });
  t.after(() => chip.close());
  const client = await RawClient.open(chip.way());
  const took = async (work: () => Promise<unknown>) => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };
  return { chip, client, took };
}

/** Never faster than modelled. How much slower depends on the machine; on a busy one, a lot. */
function assertTook(got: number, wanted: number): void {
  assert.ok(got >= wanted - 1.5 && got < wanted * 1.5 + 150, `took ${got.toFixed(1)} ms, wanted ${wanted.toFixed(1)}`);
}

test('bytes take their time on the wire, both ways', limit, async (t) => {
  const { client, took } = await timed(t);
  const one = ((14 + 12) * 10_000) / 115200 + 0.1;
  assertTook(await took(() => client.ask('readReg', words(0x40001000))), one);
  // Twenty in a row: what a timer is late does not add up to more than what each turn costs.
  const twenty = async () => {
    for (let turn = 0; turn < 20; turn++) await client.ask('readReg', words(0x40001000));
  };
  assertTook(await took(twenty), 20 * one);
});

test('erasing and programming take their time, blocks of 64 KiB in one go', limit, async (t) => {
  const { client, took } = await timed(t, { flash: new Uint8Array(0x30000) });
  assertTook(await took(() => client.ask('eraseRegion', words(0xf000, 0x12000))), 45 + 150 + 45);
});

test('the stub writes while the next block comes in', limit, async (t) => {
  const { client, chip, took } = await timed(t, { flash: new Uint8Array(0x20000) });
  await client.ask('changeBaud', words(921600, 115200));
  await client.link.setBaud(921600);
  const image = noise(0x10000);
  const deflated = deflateSync(image);
  const write = async () => {
    await client.ask('flashDeflBegin', words(image.length, 5, 0x4000, 0x10000));
    for (let at = 0; at * 0x4000 < deflated.length; at++) {
      await client.block('flashDeflData', at, deflated.subarray(at * 0x4000, (at + 1) * 0x4000));
    }
    await client.ask('flashDeflEnd', words(1));
  };
  const wire = (deflated.length * 10_000) / 921600;
  const flash = 150 + 256 * 0.7;
  const got = await took(write);
  // The last 32 KiB are written after the last block; of what is before, only what is longer shows.
  assert.ok(got >= wire, `took ${got.toFixed(0)} ms, the wire alone needs ${wire.toFixed(0)}`);
  assert.ok(got < wire + flash + 150, `took ${got.toFixed(0)} ms, one after the other is ${(wire + flash).toFixed(0)}`);
  assert.deepEqual(chip.flash.slice(0x10000, 0x20000), image);
});
