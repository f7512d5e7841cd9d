import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { failing } from '../../../support/device-failure.ts';
import { connectFake as connect, fakeEsptool } from '../../../support/fake-esptool.ts';
import { ownTemporary } from '../../../support/own-temporary.ts';

const versions = ['4.8.1', '5.2.0'];
const onWindows = process.platform === 'win32';

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const filled = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);

for (const version of versions) {
  test(`esptool ${version} tells what board it is`, async (t) => {
    const device = await connect(fakeEsptool(t, { version }).program);
    assert.deepEqual(device.info, {
      chip: 'ESP32-C3',
      mac: '34:85:18:0a:0b:0c',
      flashEncryption: false,
      secureBoot: false,
    });
    assert.equal(device.flash.size, 4 * 2 ** 20);
    assert.deepEqual(device.notes, []);
  });

  test(`with esptool ${version}, runs are written, nothing beside them, and found again by MD5`, async (t) => {
    const fake = fakeEsptool(t, { version });
    const expected = fake.flash();
    const device = await connect(fake.program);
    const ranges = [
      { offset: 0x21000, size: 0x2000 },
      { offset: 0x30000, size: 0x1000 },
    ];
    const digests = () => ranges.map(({ offset, size }) => md5(expected.subarray(offset, offset + size)));
    assert.deepEqual(await device.flash.digest(ranges), digests());
    const runs = [
      { offset: 0x22000, bytes: filled(0x1000, 1) },
      { offset: 0x30000, bytes: filled(0x1000, 2) },
    ];
    for (const { offset, bytes } of runs) expected.set(bytes, offset);
    await device.flash.write(runs);
    assert.deepEqual(await device.flash.digest(ranges), digests());
    assert.deepEqual(fake.flash(), expected);
    await device.close('hard-reset');
    assert.equal(fake.state().runs, 'app');
  });

  test(`with esptool ${version}, reading and writing tell how far they are`, async (t) => {
    const device = await connect(fakeEsptool(t, { version }).program);
    const told: number[] = [];
    const tell = (done: number, total: number) => {
      assert.equal(total, 0x4000);
      told.push(done);
    };
    await device.flash.read({ offset: 0x10000, size: 0x4000 }, tell);
    assert.deepEqual(told.splice(0), [0x1000, 0x2000, 0x3000, 0x4000]);
    await device.flash.write(
      [
        { offset: 0x10000, bytes: filled(0x3000, 1) },
        { offset: 0x20000, bytes: filled(0x1000, 1) },
      ],
      tell,
    );
    assert.deepEqual(told, [0, 0x1000, 0x2000, 0x3000, 0x4000]);
  });

  test(`with esptool ${version}, what it is given and gives is seen by this user only, and removed`, async (t) => {
    const left = ownTemporary(t);
    const fake = fakeEsptool(t, { version, chip: 'ESP32' });
    const device = await connect(fake.program);
    await device.flash.read({ offset: 0, size: 0x1000 });
    await device.flash.write([{ offset: 0, bytes: filled(0x1000, 1) }]);
    if (!onWindows) assert.deepEqual(new Set(fake.state().modes), new Set(['700 600']));
    fake.change({ fail: [{ on: 'write-flash', text: 'MD5 of file does not match data in flash!' }] });
    await failing(device.flash.write([{ offset: 0, bytes: filled(0x1000, 1) }]));
    assert.deepEqual(left(), []);
  });
}

test('the flash is read once until it is written', async (t) => {
  const fake = fakeEsptool(t, { version: '5.2.0' });
  const device = await connect(fake.program);
  const reads = () =>
    fake
      .calls()
      .filter((words) => words.includes('read-flash'))
      .map((words) => words.slice(-3, -1));
  const near = [
    { offset: 0x20000, size: 0x1000 },
    { offset: 0x24000, size: 0x2000 },
  ];
  await device.flash.digest([...near, { offset: 0xf0000, size: 0x1000 }]);
  await device.flash.digest(near);
  await device.flash.read({ offset: 0x21000, size: 0x1000 });
  const once = [
    ['0x20000', '0x6000'],
    ['0xf0000', '0x1000'],
  ];
  assert.deepEqual(reads(), once);
  await device.flash.write([{ offset: 0x20000, bytes: filled(0x1000, 1) }]);
  await device.flash.digest(near);
  assert.deepEqual(reads(), [...once, ['0x20000', '0x6000']]);
});

test('many runs are spread over several calls, which a command line has room for', async (t) => {
  const fake = fakeEsptool(t, { version: '5.2.0' });
  const device = await connect(fake.program);
  await device.flash.write(
    Array.from({ length: 120 }, (_, at) => ({ offset: at * 0x2000, bytes: filled(0x1000, at) })),
  );
  assert.equal(fake.calls().filter((words) => words.includes('write-flash')).length, 2);
  assert.equal(fake.flash()[119 * 0x2000], 119);
});

for (const locked of [{ flashEncryption: true }, { secureBoot: true }]) {
  test(`an ESP32 tells by its fuses, and later chips when asked, that ${Object.keys(locked)} is on`, async (t) => {
    for (const chip of ['ESP32', 'ESP32-S2']) {
      const device = await connect(fakeEsptool(t, { version: '4.8.1', chip, ...locked }).program);
      const { flashEncryption, secureBoot } = device.info;
      assert.deepEqual({ flashEncryption, secureBoot }, { flashEncryption: false, secureBoot: false, ...locked });
    }
  });
}

test('an ESP8266 is not asked whether it is locked', async (t) => {
  const fake = fakeEsptool(t, { version: '5.2.0', chip: 'ESP8266', flashSize: '512KB' });
  assert.equal((await connect(fake.program)).flash.size, 512 * 1024);
  assert.equal(fake.calls().length, 2);
});

test('a chip with a long MAC is known by its base MAC', async (t) => {
  for (const version of versions) {
    const device = await connect(fakeEsptool(t, { version, chip: 'ESP32-C6', longMac: true }).program);
    assert.equal(device.info.mac, '34:85:18:0a:0b:0c');
  }
});

test('a chip that esptool 4.8 does not find out over a socket is found out nevertheless', async (t) => {
  for (const chip of ['ESP32', 'ESP8266']) {
    const fake = fakeEsptool(t, { version: '4.8.1', chip, undetected: true });
    assert.equal((await connect(fake.program)).info.chip, chip);
  }
  const locked = fakeEsptool(t, {
    version: '4.8.1',
    fail: [{ on: 'connect', text: 'autodetection will not work (Secure Download Mode)' }],
  });
  assert.equal((await failing(connect(locked.program))).code, 'chip-unsupported');
});

test('a flash of unknown size is refused, and the board runs its firmware again', async (t) => {
  const fake = fakeEsptool(t, { version: '5.2.0', flashSize: 'Unknown' });
  const { code, message } = await failing(connect(fake.program));
  assert.deepEqual([code, message], ['chip-unsupported', 'esptool cannot tell how large the flash of the ESP32-C3 is']);
  assert.equal(fake.state().runs, 'app');
});

test('after a failure, closing still brings the board back to its firmware', async (t) => {
  const fake = fakeEsptool(t, {
    version: '5.2.0',
    fail: [{ on: 'read-flash', text: 'Digest mismatch: expected A, got B' }],
  });
  const device = await connect(fake.program, { baud: 115_200 });
  assert.equal((await failing(device.flash.read({ offset: 0, size: 0x1000 }))).code, 'chip-garbled');
  await device.close('hard-reset');
  assert.equal(fake.state().runs, 'app');
});

test('a read that comes short is not taken for the flash', async (t) => {
  const device = await connect(fakeEsptool(t, { version: '5.2.0', short: true }).program);
  const { message } = await failing(device.flash.digest([{ offset: 0, size: 0x1000 }]));
  assert.equal(message, 'esptool read 4,095 bytes of the 4,096 asked for');
});
