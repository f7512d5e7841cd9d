import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { esptoolDriver } from '../../src/device/drivers/esptool/index.ts';
import type { Program } from '../../src/device/drivers/esptool/run.ts';
import { servedChip } from '../support/chip/chip.ts';
import type { ChipName } from '../support/chip/chips.ts';
import { serveOverTcp } from '../support/chip/tcp.ts';
import { namedPort } from '../support/named-port.ts';

// Our flasher over Python's esptool against the simulated chip, where AT_PKI_ESPTOOL says how to run it.
const [name, ...first] = process.env.AT_PKI_ESPTOOL?.split(' ') ?? [];
const skip = name === undefined ? 'AT_PKI_ESPTOOL is not set' : false;
const program: Program = [name ?? '', ...first];

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

for (const chipName of ['esp32', 'esp32s2', 'esp32c2', 'esp32c3', 'esp32c6', 'esp8266'] as const) {
  test(`real esptool: ${chipName}, from connecting to closing`, { skip, timeout: 180_000 }, (t) =>
    wholeWay(t, chipName),
  );
}

async function wholeWay(t: { after(clean: () => void): void; diagnostic(text: string): void }, chipName: ChipName) {
  const content = Uint8Array.from({ length: 0x40000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff);
  const chip = servedChip(t, { chip: chipName, flash: content, lines: false });
  const port = await serveOverTcp(t, chip);
  const started = performance.now();
  const lap = (what: string) => t.diagnostic(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const options = { port: namedPort(port, false), baud: 921_600, before: 'default-reset' as const };
  const device = await esptoolDriver(program).connect(options);
  lap('connected');
  assert.equal(device.info.mac, '34:85:18:0a:0b:0c');
  assert.equal(device.flash.size, 4 * 2 ** 20);
  assert.deepEqual([device.info.flashEncryption, device.info.secureBoot], [false, false]);
  t.diagnostic(device.info.chip);
  const ranges = [
    { offset: 0x20000, size: 0x2000 },
    { offset: 0x24000, size: 0x1000 },
  ];
  const expected = () => ranges.map(({ offset, size }) => md5(chip.flash.slice(offset, offset + size)));
  assert.deepEqual(await device.flash.digest(ranges), expected());
  lap('read');
  const bytes = Uint8Array.from({ length: 0x2000 }, (_, at) => (at * 31) & 0xff);
  const steps: number[] = [];
  const runs = [
    { offset: 0x20000, bytes },
    { offset: 0x30000, bytes: bytes.slice(0, 0x1000) },
  ];
  await device.flash.write(runs, (done) => steps.push(done));
  lap('written');
  assert.equal(steps.at(-1), 0x3000);
  assert.deepEqual(chip.flash.slice(0x20000, 0x22000), bytes);
  assert.deepEqual(await device.flash.digest(ranges), expected());
  lap('verified');
  await device.close('no-reset');
  assert.equal(chip.mode, 'stub');
}
