import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ownFlasher } from '../../src/flash/connect.ts';
import { type Device, DeviceError } from '../../src/flash/device.ts';
import { SimulatedChip } from '../support/chip/chip.ts';
import { type ChipName, chipKinds } from '../support/chip/chips.ts';
import { until } from '../support/until.ts';

const connect = (chip: SimulatedChip, baud = 921_600): Promise<Device> =>
  ownFlasher.connect({ way: chip.way(), baud, before: 'default-reset' });

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

for (const name of Object.keys(chipKinds) as ChipName[]) {
  test(`${name}: says what it is, is written, verified and read back, and starts its firmware again`, async () => {
    const chip = new SimulatedChip({ chip: name, flash: randomBytes(0x20000), mac: 'a0:b1:c2:d3:e4:f5' });
    const before = Uint8Array.from(chip.flash);
    const device = await connect(chip);
    assert.equal(device.facts.chip.toLowerCase().replace('-', ''), name);
    assert.equal(device.facts.flashSize, 4 * 1024 * 1024);
    assert.deepEqual(device.notes, []);
    const bytes = randomBytes(0x9000);
    await device.write([
      { offset: 0x3000, bytes: bytes.subarray(0, 0x1000) },
      { offset: 0x11000, bytes: bytes.subarray(0x1000) },
    ]);
    before.set(bytes.subarray(0, 0x1000), 0x3000);
    before.set(bytes.subarray(0x1000), 0x11000);
    assert.deepEqual(await device.md5([{ offset: 0, size: 0x20000 }]), [md5(before.subarray(0, 0x20000))]);
    assert.deepEqual(
      Buffer.from(await device.read({ offset: 0x10000, size: 0xa000 })),
      Buffer.from(before.subarray(0x10000, 0x1a000)),
    );
    await device.close('hard-reset');
    assert.ok(Buffer.from(chip.flash).equals(before), 'outside the runs the flash is as it was');
    await until(() => chip.mode === 'app', 'the firmware runs');
    chip.close();
  });
}
