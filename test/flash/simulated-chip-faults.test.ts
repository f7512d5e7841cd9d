import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { simulatedChip } from '../support/chip/chip.ts';
import type { ChipOptions } from '../support/chip/options.ts';
import { RawClient, words } from '../support/chip/raw-client.ts';
import { noise } from '../support/noise.ts';

const limit = { timeout: 10_000 };
/** Milliseconds, of a simulated time in which all that is under way arrives at once. */
const settle = 10;

async function stub(t: TestContext, options: ChipOptions = {}) {
  const chip = simulatedChip(t, { lines: false, start: 'stub', ...options });
  const client = await RawClient.open(chip.port());
  return { chip, client };
}

const status = ({ data }: { data: Uint8Array }) => data.at(-2);

test('what is programmed without being erased is wrong', limit, async (t) => {
  const { chip, client } = await stub(t, { flash: new Uint8Array(0x2000).fill(0x0f) });
  // 100 bytes in the middle of a sector: the stub erases all of it.
  await client.ask('flashBegin', words(100, 1, 0x4000, 0x800));
  await client.block('flashData', 0, new Uint8Array(100).fill(0xaa));
  await client.ask('flashEnd', words(1));
  assert.equal(chip.flash[0x800], 0xaa);
  assert.equal(chip.flash[0], 0xff);
  assert.equal(chip.flash[0x1000], 0x0f);
  assert.deepEqual(chip.erasedSectors, [0]);
});

test('a block with a wrong checksum is refused, and not written', limit, async (t) => {
  const { chip, client } = await stub(t);
  await client.ask('flashBegin', words(256, 1, 0x4000, 0));
  assert.equal(status(await client.block('flashData', 0, new Uint8Array(256), 0x12)), 0xc1);
  assert.deepEqual(chip.programmed, []);
  assert.equal(status(await client.block('flashData', 0, new Uint8Array(256))), 0);
});

test('what fails after a block was acknowledged is told with the next command', limit, async (t) => {
  const { client } = await stub(t);
  await client.ask('flashDeflBegin', words(4096, 1, 0x4000, 0));
  assert.equal(status(await client.block('flashDeflData', 0, new Uint8Array(64).fill(0x11))), 0);
  assert.equal(status(await client.ask('md5', words(0, 16, 0, 0))), 0xc7);
  assert.equal(status(await client.ask('md5', words(0, 16, 0, 0))), 0);
});

test('power lost half way leaves one page half written and the sectors after it as they were', limit, async (t) => {
  const { chip, client } = await stub(t, { flash: new Uint8Array(0x20000).fill(0x33) });
  chip.faults.add({ kind: 'power', programmed: 10_000 });
  const image = noise(0xf000);
  const deflated = deflateSync(image);
  await client.ask('flashDeflBegin', words(image.length, 4, 0x4000, 0x1000));
  for (let at = 0; at < deflated.length && client.lost === undefined; at += 0x4000) {
    const answered = client.block('flashDeflData', at / 0x4000, deflated.subarray(at, at + 0x4000));
    await Promise.race([answered, chip.clock.sleep(settle)]);
  }
  assert.equal(chip.mode, 'off');
  assert.deepEqual(chip.flash.slice(0x1000, 0x1000 + 10_000), image.slice(0, 10_000));
  assert.ok(chip.flash.subarray(0x1000 + 10_000, 0x9000).every((byte) => byte === 0xff));
  assert.equal(chip.flash[0xf000], 0x33, 'not erased yet');

  await RawClient.open(chip.port());
  assert.equal(chip.mode, 'rom', 'plugged in again, it starts anew');
});

test('a cable pulled at a byte: what came before it counts, and the host is told', limit, async (t) => {
  const { chip, client } = await stub(t);
  chip.faults.add({ kind: 'cut', side: 'toHost', at: 3 });
  await client.send('readReg', words(0x40001000));
  await chip.clock.sleep(settle);
  assert.ok(client.lost, 'the host is told');
  assert.equal(client.heard.length, 3);
  await assert.rejects(client.connection.write(Uint8Array.of(0)), /gone/);
  assert.equal(chip.faults.fired.length, 1);
});

test('bytes are dropped, damaged and delayed where a rule says so', limit, async (t) => {
  const { chip, client } = await stub(t);
  chip.faults.add({ kind: 'corrupt', side: 'toHost', at: 5, count: 2 }, { kind: 'drop', side: 'toHost', at: 9 });
  chip.faults.add({ kind: 'delay', side: 'toChip', at: 0, ms: 40 });
  const begun = chip.clock.now();
  await client.ask('readReg', words(0x40001000));
  assert.equal(chip.clock.now() - begun, 40);
  const sound = [0xc0, 1, 0x0a, 2, 0, 0x6f, 0x50, 0x31, 0x1b, 0, 0, 0xc0];
  const expected = sound
    .map((byte, index) => (index === 5 || index === 6 ? byte ^ 0x5a : byte))
    .filter((_, index) => index !== 9);
  assert.deepEqual([...client.heard], expected);
});

test('a reply is refused, lost, preceded by rubbish, or holds a wrong MD5, once', limit, async (t) => {
  const { chip, client } = await stub(t);
  const md5 = () => client.ask('md5', words(0, 16, 0, 0));
  const right = await md5();
  chip.faults.add({ kind: 'wrong-md5' });
  assert.notDeepEqual((await md5()).data, right.data);
  assert.deepEqual((await md5()).data, right.data);
  chip.faults.add({ kind: 'nak', op: 'md5', nth: 2, error: 0xc4 });
  assert.equal(status(await md5()), 0);
  assert.equal(status(await md5()), 0xc4);
  chip.faults.add({ kind: 'garbage', op: 'md5' });
  client.flush();
  await md5();
  assert.notEqual(client.heard[0], 0xc0);
  chip.faults.add({ kind: 'lost-reply', op: 'md5' });
  await client.send('md5', words(0, 16, 0, 0));
  assert.equal((await client.ask('readReg', words(0x40001000))).op, 0x0a, 'the first answer that comes');
});

test('a chip falls silent, or starts again on its own; the flash keeps what it has', limit, async (t) => {
  const { chip, client } = await stub(t);
  chip.faults.add({ kind: 'reset', side: 'toChip', at: 30, into: 'rom' });
  await client.ask('flashBegin', words(256, 1, 0x4000, 0));
  await client.send('sync', new Uint8Array(36));
  await chip.clock.sleep(settle);
  assert.match(client.text(), /waiting for download\r\n$/);
  assert.equal(chip.resets, 1);
  client.flush();
  chip.faults.add({ kind: 'silence', side: 'toChip', at: 0 });
  await client.send('sync', new Uint8Array(36));
  await chip.clock.sleep(settle);
  assert.equal(chip.commands.at(-1)?.mode, 'rom', 'the ROM hears');
  assert.equal(client.heard.length, 0);
});
