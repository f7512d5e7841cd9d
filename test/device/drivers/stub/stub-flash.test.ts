import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { DeviceError, type FlashDevice } from '../../../../src/device/device.ts';
import { stubDriver } from '../../../../src/device/drivers/stub/connect.ts';
import { type SimulatedChip, simulatedChip } from '../../../support/chip/chip.ts';
import { type ChipName, chipKinds } from '../../../support/chip/chips.ts';
import type { Fault } from '../../../support/chip/faults.ts';
import { noise } from '../../../support/noise.ts';

const connect = (chip: SimulatedChip, baud = 921_600, signal?: AbortSignal): Promise<FlashDevice> =>
  stubDriver.connect({ ...chip.access(), baud, before: 'default-reset', ...(signal && { signal }) });

/** Milliseconds, more than EN takes to rise after a reset. */
const enableRise = 10;

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

for (const name of Object.keys(chipKinds) as ChipName[]) {
  test(`${name}: says what it is, is written, verified and read back, and starts its firmware again`, async (t) => {
    const chip = simulatedChip(t, { chip: name, flash: randomBytes(0x20000), mac: 'a0:b1:c2:d3:e4:f5' });
    const before = Uint8Array.from(chip.flash);
    const device = await connect(chip);
    assert.equal(device.info.chip.toLowerCase().replace('-', ''), name);
    assert.equal(device.flash.size, 4 * 1024 * 1024);
    assert.deepEqual(device.notes, []);
    const bytes = randomBytes(0x9000);
    await device.flash.write([
      { offset: 0x3000, bytes: bytes.subarray(0, 0x1000) },
      { offset: 0x11000, bytes: bytes.subarray(0x1000) },
    ]);
    before.set(bytes.subarray(0, 0x1000), 0x3000);
    before.set(bytes.subarray(0x1000), 0x11000);
    assert.deepEqual(await device.flash.digest([{ offset: 0, size: 0x20000 }]), [md5(before.subarray(0, 0x20000))]);
    assert.deepEqual(
      Buffer.from(await device.flash.read({ offset: 0x10000, size: 0xa000 })),
      Buffer.from(before.subarray(0x10000, 0x1a000)),
    );
    await device.close('hard-reset');
    assert.ok(Buffer.from(chip.flash).equals(before), 'outside the runs the flash is as it was');
    await chip.clock.sleep(enableRise);
    assert.equal(chip.mode, 'app', 'the firmware runs');
  });
}

/** The code and message of what a step fails with. */
async function failureOf(step: Promise<unknown>): Promise<string> {
  try {
    await step;
  } catch (error) {
    if (error instanceof DeviceError) return `${error.diagnostic.code}: ${error.message}`;
    throw error;
  }
  return 'nothing';
}

const run = (size: number, offset = 0x10000) => ({ offset, bytes: new Uint8Array(randomBytes(size)) });

describe('what goes wrong on the wire for a moment is done again, and the flash holds what was written', () => {
  const faults: Record<string, readonly Fault[]> = {
    'a block refused': [{ kind: 'nak', op: 'flashDeflData', nth: 2 }],
    'a block refused twice': [
      { kind: 'nak', op: 'flashDeflData' },
      { kind: 'nak', op: 'flashData' },
    ],
    'the reply to a block lost': [{ kind: 'lost-reply', op: 'flashDeflData' }],
    'the reply to the end lost': [{ kind: 'lost-reply', op: 'flashDeflEnd' }],
    'garbage before a reply': [{ kind: 'garbage', op: 'flashDeflData' }],
    'a byte to the chip lost': [{ kind: 'drop', side: 'toChip', at: 5000 }],
    'a byte to the chip changed': [{ kind: 'corrupt', side: 'toChip', at: 5000 }],
    'a byte from the chip lost': [{ kind: 'drop', side: 'toHost', at: 5 }],
    'the reply to a question lost': [{ kind: 'lost-reply', op: 'md5' }],
  };
  for (const [what, rules] of Object.entries(faults)) {
    test(what, async (t) => {
      const chip = simulatedChip(t);
      const device = await connect(chip);
      const { offset, bytes } = run(0x9000);
      chip.faults.add(...rules);
      await device.flash.write([{ offset, bytes }]);
      assert.deepEqual(await device.flash.digest([{ offset, size: bytes.length }]), [md5(bytes)]);
      assert.equal(chip.faults.fired.length, rules.length, 'every fault has struck');
      await device.close('no-reset');
    });
  }
});

describe('what is read is what the flash holds, whatever happens on the way', () => {
  for (const fault of [
    { kind: 'drop', side: 'toHost', at: 7000 },
    { kind: 'corrupt', side: 'toHost', at: 7000 },
    { kind: 'drop', side: 'toChip', at: 40 },
    { kind: 'garbage', op: 'readFlash' },
    { kind: 'lost-reply', op: 'readFlash' },
  ] as const satisfies readonly Fault[]) {
    test(JSON.stringify(fault), async (t) => {
      const chip = simulatedChip(t, { flash: randomBytes(0x8000) });
      const device = await connect(chip);
      chip.faults.add(fault);
      const read = await device.flash.read({ offset: 0x1000, size: 0x5000 });
      assert.ok(Buffer.from(read).equals(chip.flash.subarray(0x1000, 0x6000)));
      await device.close('no-reset');
    });
  }
});

test('on a long read, what goes wrong costs only the stretch where it happens', async (t) => {
  const chip = simulatedChip(t, { flash: randomBytes(0x100000) });
  const device = await connect(chip);
  chip.forget();
  for (const at of [200_000, 500_000, 800_000, 1_000_000, 1_000_500]) {
    chip.faults.add({ kind: 'corrupt', side: 'toHost', at });
  }
  const steps: number[] = [];
  const read = await device.flash.read({ offset: 0, size: 0x100000 }, (done) => steps.push(done));
  assert.ok(Buffer.from(read).equals(chip.flash.subarray(0, 0x100000)));
  assert.equal(chip.faults.fired.length, 5);
  const asked = chip.commands.filter(({ op }) => op === 'readFlash').map(({ size = 0 }) => size);
  assert.ok(asked.reduce((sum, size) => sum + size, 0) <= 0x100000 + 5 * 0x20000, `asked for ${asked}`);
  assert.equal(steps.at(-1), 0x100000);
  await device.close('no-reset');
});

describe('what stays wrong ends within seconds, with its likely cause', () => {
  const table: [string, Fault, RegExp][] = [
    ['the cable pulled', { kind: 'cut', side: 'toChip', at: 6000 }, /^port-lost: .* was lost: the cable was pulled$/],
    [
      'a board that starts anew',
      { kind: 'reset', side: 'toChip', at: 6000 },
      /^chip-silent: .* the board started anew$/,
    ],
    ['a chip that falls silent', { kind: 'silence', side: 'toHost', at: 10 }, /^chip-silent: .* stopped answering$/],
  ];
  for (const [what, fault, message] of table) {
    test(what, async (t) => {
      const chip = simulatedChip(t);
      const device = await connect(chip);
      chip.faults.add(fault);
      assert.match(await failureOf(device.flash.write([run(0x9000)])), message);
      await device.close('hard-reset');
      assert.equal(chip.isPlugged, false, 'the port is closed');
    });
  }
});

test('a rate that the board does not keep up with falls back to 115,200, and says so', async (t) => {
  const chip = simulatedChip(t, { maxBaud: 500_000 });
  const device = await connect(chip);
  assert.deepEqual(
    device.notes.map(({ code }) => code),
    ['baud-fallback'],
  );
  const { offset, bytes } = run(0x2000);
  await device.flash.write([{ offset, bytes }]);
  assert.deepEqual(await device.flash.digest([{ offset, size: bytes.length }]), [md5(bytes)]);
  await device.close('hard-reset');
});

test('a chip that cannot be reset and runs its firmware: what to do by hand', async (t) => {
  const chip = simulatedChip(t, { lines: false, start: 'app' });
  const error = await connect(chip).catch((one: unknown) => one);
  assert.ok(error instanceof DeviceError);
  assert.equal(error.diagnostic.code, 'chip-silent');
  assert.match(error.diagnostic.hint ?? '', /nothing resets a chip over this port/);
  assert.equal(chip.isPlugged, false, 'the port is closed');
});

test('locks are seen before the stub is brought in', async (t) => {
  for (const name of Object.keys(chipKinds).filter((one) => one !== 'esp8266') as ChipName[]) {
    await t.test(name, async (t) => {
      const chip = simulatedChip(t, { chip: name, flashEncryption: true, secureBoot: true });
      const device = await connect(chip);
      assert.deepEqual([device.info.flashEncryption, device.info.secureBoot], [true, true]);
      await device.close('hard-reset');
    });
  }
  const chip = simulatedChip(t, { secureDownload: true });
  assert.match(await failureOf(connect(chip)), /^chip-locked: .* secure download mode/);
});

test('an interruption ends a write after the block in hand, and a connection at once; the port is closed', async (t) => {
  const chip = simulatedChip(t, { timing: true });
  const stop = new AbortController();
  const device = await connect(chip, 115_200, stop.signal);
  const { clock } = chip;
  const asked = clock.now() + 300;
  clock.timeout(300, () => stop.abort());
  assert.match(await failureOf(device.flash.write([run(0x40000)])), /^interrupted/);
  await device.close('hard-reset');
  assert.ok(clock.now() - asked < 1000, `${clock.now() - asked} ms`);
  assert.equal(chip.isPlugged, false);

  const silent = simulatedChip(t, { lines: false, start: 'app' });
  const early = new AbortController();
  const begun = clock.now();
  clock.timeout(100, () => early.abort());
  assert.match(await failureOf(connect(silent, 115_200, early.signal)), /^interrupted/);
  assert.equal(clock.now() - begun, 100);
  assert.equal(silent.isPlugged, false);
});

test('an interruption does not wait for a chip that is busy for long, and the next run has it all the same', async (t) => {
  const chip = simulatedChip(t, { lines: false, timing: true, flash: noise(0x40000) });
  const stop = new AbortController();
  const device = await connect(chip, 460_800, stop.signal);
  // Deflated it is a single block, which takes the chip two seconds to erase for and to write.
  const bytes = new Uint8Array(0x1c000).fill(0x5a);
  const { clock } = chip;
  const asked = clock.now() + 300;
  clock.timeout(300, () => stop.abort());
  assert.match(await failureOf(device.flash.write([{ offset: 0x21000, bytes }])), /^interrupted/);
  await device.close('hard-reset');
  assert.ok(clock.now() - asked < 1000, `${clock.now() - asked} ms`);
  assert.equal(chip.isPlugged, false);
  const again = await connect(chip);
  await again.flash.write([{ offset: 0x21000, bytes }]);
  assert.deepEqual(chip.flash.slice(0x21000, 0x3d000), bytes);
  await again.close('no-reset');
});

test('a stub that is left running is found again at once, whatever rate it ran at', async (t) => {
  const chip = simulatedChip(t);
  const first = await connect(chip);
  await first.close('no-reset');
  assert.equal(chip.mode, 'stub');
  chip.forget();
  const second = await stubDriver.connect({ ...chip.access(), baud: 921_600, before: 'no-reset' });
  assert.equal(chip.commands.filter(({ op }) => op === 'memData').length, 0, 'the stub is not brought in again');
  await second.close('hard-reset');
});

test('over the USB-OTG of an ESP32-S2 no block is larger than its ROM and stub take', async (t) => {
  const chip = simulatedChip(t, { chip: 'esp32s2' });
  const port = { ...chip.port(), usb: { vendorId: 0x303a, productId: 0x0002 } };
  const device = await stubDriver.connect({ port, clock: chip.clock, baud: 921_600, before: 'default-reset' });
  const { offset, bytes } = run(0x4000);
  await device.flash.write([{ offset, bytes }]);
  assert.deepEqual(await device.flash.digest([{ offset, size: bytes.length }]), [md5(bytes)]);
  const blocks = chip.commands.filter(({ op }) => op === 'memData' || op === 'flashDeflData');
  assert.ok(blocks.length > 10);
  assert.ok(blocks.every(({ size = 0 }) => size <= 0x800));
  await device.close('hard-reset');
});

test('the last sector of the flash, of whatever size, is read, written and verified like any other', async (t) => {
  for (const [name, flashSize] of [
    ['esp8266', 2 ** 20],
    ['esp32c6', 2 ** 24],
  ] as const) {
    const chip = simulatedChip(t, { chip: name, flashSize });
    const device = await connect(chip);
    assert.equal(device.flash.size, flashSize);
    const { offset, bytes } = run(0x2000, flashSize - 0x2000);
    await device.flash.write([{ offset, bytes }]);
    assert.deepEqual(await device.flash.digest([{ offset, size: bytes.length }]), [md5(bytes)]);
    const last = await device.flash.read({ offset: flashSize - 0x1000, size: 0x1000 });
    assert.ok(Buffer.from(last).equals(bytes.subarray(0x1000)));
    await device.close('hard-reset');
  }
});

test('over the USB of the chip itself the watchdogs are quieted before the stub is brought in', async (t) => {
  for (const [name, first] of [
    ['esp32c3', 0x600080a8],
    ['esp32c6', 0x600b1c18],
  ] as const) {
    const chip = simulatedChip(t, { chip: name, lines: false });
    const port = { ...chip.port(), usb: { vendorId: 0x303a, productId: 0x1001 } };
    const device = await stubDriver.connect({ port, clock: chip.clock, baud: 921_600, before: 'no-reset' });
    const ops = chip.commands.map(({ op }) => op);
    const written = chip.commands.slice(0, ops.indexOf('memBegin')).filter(({ op }) => op === 'writeReg');
    assert.equal(written.length, 6);
    assert.equal(written[0]?.offset, first);
    await device.close('no-reset');
  }
});
