import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { patterned } from '../support/bytes.ts';
import { simulatedChip } from '../support/chip/chip.ts';
import { type ChipName, chipKinds } from '../support/chip/chips.ts';
import { plainEsptoolJs } from '../support/esptool-js.ts';

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

for (const name of Object.keys(chipKinds) as ChipName[]) {
  test(`esptool-js connects to ${name}, writes, verifies and reads back`, async (t) => {
    const chip = simulatedChip(t, { chip: name, flash: new Uint8Array(0x20000).fill(0x11), mac: 'a1:b2:c3:d4:e5:f6' });
    const { loader, transport } = await plainEsptoolJs(chip.port(), 921600);
    await loader.main();
    assert.equal(loader.chip.CHIP_NAME, chipKinds[name].label);
    assert.equal(await loader.chip.readMac(loader), 'a1:b2:c3:d4:e5:f6');
    assert.equal(await loader.detectFlashSize(), '4MB');
    assert.equal(chip.mode, 'stub');

    const data = patterned(0x9000);
    await loader.writeFlash({
      fileArray: [{ data, address: 0x10000 }],
      flashSize: 'keep',
      flashMode: 'keep',
      flashFreq: 'keep',
      eraseAll: false,
      compress: true,
      calculateMD5Hash: md5,
    });
    assert.deepEqual(chip.flash.subarray(0x10000, 0x19000), data);
    assert.deepEqual(await loader.readFlash(0x10000, 0x9000), data);
    await transport.disconnect();
  });
}
