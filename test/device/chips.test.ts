import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chipCodes } from '../../src/core/diagnostics/codes/chip.ts';
import { bootPins, chips, configName, flashPins, usbOfChip } from '../../src/device/chips.ts';
import { packageRoot } from '../support/paths.ts';

test('the table has the chips that a config can name', () => {
  const schema = JSON.parse(readFileSync(join(packageRoot, 'schema/pki.config.schema.json'), 'utf8'));
  assert.deepEqual(Object.keys(chips).map(configName).sort(), schema.properties.chip.enum.toSorted());
});

test('the pins of messages are those of the table, in the explanation too, which cannot import it', async () => {
  assert.equal(bootPins, 'IO0; IO9 on ESP32-C2, C3 and C6');
  assert.equal(flashPins, 'GPIO 6 to 11 on ESP32 and ESP8266');
  const { remedy } = await chipCodes['chip-silent'].explain();
  assert.ok(remedy.includes(`hold BOOT (${bootPins})`));
});

const usb: readonly [vendorId: number, productId: number, name: string | undefined][] = [
  [0x303a, 0x0002, 'USB of the ESP32-S2'],
  [0x303a, 0x0009, 'USB of the ESP32-S3'],
  [0x303a, 0x1001, 'USB of the chip'],
  [0x303a, 0x7777, 'USB of Espressif'],
  [0x10c4, 0x0002, undefined],
];

for (const [vendorId, productId, name] of usb) {
  test(`USB ${vendorId.toString(16)}:${productId.toString(16)} is ${name ?? 'not that of a chip'}`, () => {
    assert.equal(usbOfChip({ vendorId, productId }), name);
  });
}
