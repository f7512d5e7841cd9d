import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, check, flash } from '../../src/index.ts';
import { mistakes } from '../support/mistakes.ts';
import { scratch } from '../support/scratch.ts';

// Without these a build passes, and the flash fails later, at the bench, without the line.

const ports: [port: string, message: string, hint: string][] = [
  [
    'foo://bar',
    'foo://bar: ports are not reached by foo://',
    '/dev/ttyUSB0, COM3, auto, socket://HOST:PORT or rfc2217://HOST:PORT',
  ],
  ['tcp://bench:4000', 'tcp://bench:4000: ports are not reached by tcp://', 'did you mean socket://?'],
  ['bench:4000', 'bench:4000 is no serial port', 'did you mean socket://bench:4000?'],
  ['socket://bench:99999', 'socket://bench:99999: there is no port 99999', 'from 1 to 65535'],
  [
    'rfc2217://bench',
    'rfc2217://bench does not name a host and its port',
    'rfc2217://HOST:PORT, e.g. rfc2217://192.168.1.5:4000 or rfc2217://[2001:db8::1]:4000',
  ],
];
for (const [port, message, hint] of ports) {
  test(`the port ${port} is refused at its place, in the words of --port`, async (t) => {
    const text = `{ "flash": { "port": ${JSON.stringify(port)} } }`;
    assert.deepEqual(await mistakes(t, text), [`1:22+${port.length + 2} config-value: ${message} → ${hint}`]);
  });
}

const rate = 'a rate such as 115200 or 921600, from 300 to 6000000';
const program = 'name a program such as esptool.py, or one with arguments: ["python3", "-m", "esptool"]';
const withoutNul = 'remove it, in JSON \\u0000: paths, programs and names end at one';
const others: [property: string, value: unknown, expected: string][] = [
  ['baud', 1, `1 is not a rate that a serial port has → ${rate}`],
  ['baud', 60_000_000, `60000000 is not a rate that a serial port has → ${rate}`],
  ['esptool', [''], `the esptool to use has no name → ${program}`],
  ['esptool', [' ', '-m'], `the esptool to use has no name → ${program}`],
  ['esptool', 'a\0b', `"esptool" holds a NUL character → ${withoutNul}`],
  ['esptool', ['a', '\0'], `an entry of "esptool" holds a NUL character → ${withoutNul}`],
  [
    'partitionTable',
    '0x8001',
    '"partitionTable" is "0x8001", not a multiple of 4K → most devices have their table at 0x8000',
  ],
  [
    'partitionTable',
    '5000M',
    '"partitionTable" is "5000M": a partition table has 32 bits for it → the most is 0xffffffff',
  ],
  [
    'frequency',
    '41m',
    'esptool knows no frequency "41m" → it knows 80m, 60m, 48m, 40m, 30m, 26m, 24m, 20m, 16m, 15m, 12m',
  ],
  // What the schema refuses is said once.
  ['port', ' ', '"port" is empty'],
  ['baud', 0, '"baud" is at least 1, not 0'],
  ['mac', 'a0:b1', '"a0:b1" is not a MAC address → write "a0:b1:c2:d3:e4:f5"'],
  ['frequency', 'fast', '"fast" is not a frequency → write "40m"'],
];
for (const [property, value, expected] of others) {
  test(`"${property}": ${JSON.stringify(value)} is refused at its place`, async (t) => {
    const said = await mistakes(t, JSON.stringify({ flash: { [property]: value } }));
    assert.deepEqual(
      said.map((one) => one.replace(/^1:\d+\+\d+ config-value: /, '')),
      [expected],
    );
  });
}

test('what can be flashed with passes', async (t) => {
  for (const flash of [
    { port: 'auto' },
    { port: '/dev/ttyUSB0', baud: 300 },
    { port: 'COM3', baud: 6_000_000 },
    { port: 'rfc2217://bench:4000?ign_set_control', frequency: '26m' },
    { port: 'socket://[2001:db8::1]:4000', esptool: ['python3', '-m', 'esptool'], partitionTable: 0 },
  ]) {
    assert.deepEqual(await mistakes(t, JSON.stringify({ flash })), [], JSON.stringify(flash));
  }
});

test('check and build report it, also where the config names no partitions', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'pki.config.json'), '{\n  "flash": { "port": "foo://bar" }\n}');
  for (const report of [await check({ cwd }), await build({ cwd })]) {
    assert.deepEqual(
      report.diagnostics.map(({ code, line }) => [code, line]),
      [['config-value', 2]],
    );
  }
});

test('the library refuses a port of its caller in the same words', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'ca.pem'), '');
  writeFileSync(
    join(cwd, 'pki.config.json'),
    '{ "partitions": { "ca": { "format": "raw", "size": 4096, "file": "ca.pem" } } }',
  );
  const { diagnostics } = await flash({ cwd, port: 'foo://bar' });
  const said = diagnostics.filter(({ code }) => code === 'usage').map(({ message }) => message);
  assert.deepEqual(said, ['foo://bar: ports are not reached by foo://']);
});
