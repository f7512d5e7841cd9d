import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Port } from '../../../../src/device/connection.ts';
import type { ConnectOptions } from '../../../../src/device/device.ts';
import { connectFake as connect, fakeEsptool } from '../../../support/fake-esptool.ts';
import { namedPort } from '../../../support/named-port.ts';

const filled = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);

test('the words of version 4 have underscores', async (t) => {
  const fake = fakeEsptool(t, { version: '4.8.1' });
  const device = await connect(fake.program);
  await device.flash.write([{ offset: 0x22000, bytes: filled(0x1000, 1) }]);
  await device.close('hard-reset');
  const [version, identify, security, write, close] = fake.calls().map((words) => words.join(' '));
  const port = '--port /dev/ttyUSB0 --baud 921600 --before default_reset';
  assert.equal(version, 'version');
  assert.equal(identify, `--chip auto ${port} --after no_reset_stub flash_id`);
  assert.equal(security, `--chip ESP32-C3 ${port} --after no_reset_stub get_security_info`);
  const keep = '--flash_mode keep --flash_freq keep --flash_size keep';
  assert.match(
    write ?? '',
    new RegExp(`^--chip ESP32-C3 ${port} --after no_reset_stub write_flash ${keep} 0x22000 \\S+$`),
  );
  assert.equal(
    close,
    `--chip ESP32-C3 ${port.replace('921600', '115200')} --after hard_reset --connect-attempts 2 read_mac`,
  );
});

test('the words of version 5 have hyphens', async (t) => {
  const fake = fakeEsptool(t, { version: '5.2.0', chip: 'ESP32' });
  const device = await connect(fake.program);
  await device.flash.read({ offset: 0x22000, size: 0x1000 });
  const [, identify, security, read] = fake.calls().map((words) => words.join(' '));
  const port = '--port /dev/ttyUSB0 --baud 921600 --before default-reset --after no-reset-stub';
  assert.equal(identify, `--chip auto ${port} flash-id`);
  assert.match(security ?? '', new RegExp(`^--chip ESP32 ${port} dump-mem 0x3ff5a000 28 \\S+$`));
  assert.match(read ?? '', new RegExp(`^--chip ESP32 ${port} read-flash 0x22000 0x1000 \\S+$`));
});

// Before and after each call following the first, and what runs at the end: between them the chip must stay reachable.
const handovers: [what: string, options: Partial<ConnectOptions>, lines: boolean, said: string, runs: string][] = [
  ['at a high rate, each call resets', {}, true, 'default-reset no-reset-stub', 'app'],
  ['at 115,200 the stub stays', { baud: 115_200 }, true, 'no-reset no-reset-stub', 'app'],
  [
    'at a high rate without resetting, the ROM is returned to',
    { before: 'no-reset' },
    true,
    'no-reset no-reset',
    'app',
  ],
  ['over a socket the stub stays', { port: namedPort('socket://x:1', false) }, false, 'no-reset no-reset-stub', 'stub'],
];
for (const [what, options, lines, said, runs] of handovers) {
  test(`between two calls: ${what}`, async (t) => {
    const fake = fakeEsptool(t, { version: '5.2.0', lines, runs: 'rom' });
    const device = await connect(fake.program, options);
    await device.flash.read({ offset: 0, size: 0x1000 });
    await device.flash.read({ offset: 0x80000, size: 0x1000 });
    const later = fake.calls().slice(2);
    const words = later.map((call) => `${call[call.indexOf('--before') + 1]} ${call[call.indexOf('--after') + 1]}`);
    assert.deepEqual(new Set(words), new Set([said]));
    await device.close('hard-reset');
    assert.equal(fake.state().runs, runs);
  });
}

test('over a socket nobody asks for a higher rate, which its other end would not know of', async (t) => {
  const fake = fakeEsptool(t, { version: '4.8.1', lines: false });
  await connect(fake.program, { port: namedPort('socket://x:1', false) });
  assert.ok(
    fake
      .calls()
      .slice(1)
      .every((words) => words.includes('115200')),
  );
});

test('no-reset at the end leaves the board where it is', async (t) => {
  const fake = fakeEsptool(t, { version: '5.2.0' });
  const device = await connect(fake.program, { baud: 115_200 });
  const calls = fake.calls().length;
  await device.close('no-reset');
  assert.deepEqual([fake.calls().length, fake.state().runs], [calls, 'stub']);
});

test('a rate that nothing comes through at gives way to 115,200, with a note', async (t) => {
  const fake = fakeEsptool(t, { version: '5.2.0', maxBaud: 460_800 });
  const device = await connect(fake.program);
  assert.deepEqual(
    device.notes.map(({ code, severity, message }) => [code, severity, message]),
    [['baud-fallback', 'warning', 'the board does not answer at 921,600 baud; 115,200 is used']],
  );
  assert.equal((await device.flash.read({ offset: 0, size: 0x1000 })).length, 0x1000);
});

test('where opening the port starts the board anew, each call resets', async (t) => {
  const fake = fakeEsptool(t, { version: '4.8.1' });
  const device = await connect(fake.program, { baud: 115_200 });
  fake.change({ runs: 'app' });
  await device.flash.read({ offset: 0, size: 0x1000 });
  await device.flash.read({ offset: 0x80000, size: 0x1000 });
  const befores = fake.calls().map((call) => call[call.indexOf('--before') + 1]);
  assert.deepEqual(befores.slice(2), ['no_reset', 'no_reset', 'default_reset', 'default_reset']);
});

test('to a stub that another run left behind, nothing is written deflated', async (t) => {
  for (const [runs, plain] of [
    ['stub', true],
    ['rom', false],
  ] as const) {
    const fake = fakeEsptool(t, { version: '5.2.0', lines: false, runs });
    const device = await connect(fake.program, { port: namedPort('socket://x:1', false) });
    await device.flash.write([{ offset: 0, bytes: filled(0x1000, 1) }]);
    assert.equal(fake.calls().at(-1)?.includes('-u'), plain);
    assert.equal(fake.flash()[0], 1);
  }
});

test('an interrupted board is reset by its lines, without another call of esptool', async (t) => {
  const fake = fakeEsptool(t, { version: '5.2.0' });
  const controller = new AbortController();
  const said: string[] = [];
  const port: Port = {
    name: '/dev/ttyUSB0',
    hasLines: true,
    open: async () => ({
      write: async () => {},
      setBaud: async () => {},
      setLines: async ({ dtr, rts }) => void said.push(`DTR ${dtr} RTS ${rts}`),
      close: async () => void said.push('closed'),
    }),
  };
  const device = await connect(fake.program, { port, signal: controller.signal });
  const calls = fake.calls().length;
  controller.abort();
  await device.close('hard-reset');
  assert.deepEqual(said, ['DTR false RTS true', 'DTR false RTS false', 'closed']);
  assert.equal(fake.calls().length, calls);
});
