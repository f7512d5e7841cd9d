import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PortName, parsePort } from '../../../src/core/port-name.ts';
import { findPort } from '../../../src/device/ports/index.ts';
import { Listener, refusal } from '../../support/listener.ts';

const names: [text: string, meaning: string][] = [
  ['auto', 'auto'],
  ['AUTO', 'auto'],
  ['/dev/ttyUSB0', 'serial /dev/ttyUSB0'],
  ['/dev/serial/by-id/usb-Silicon_Labs_CP2102-if00', 'serial /dev/serial/by-id/usb-Silicon_Labs_CP2102-if00'],
  ['ttyACM1', 'serial /dev/ttyACM1'],
  ['cu.usbserial-0001', 'serial /dev/cu.usbserial-0001'],
  ['COM3', 'serial COM3'],
  ['com12', 'serial COM12'],
  ['COM3:', 'serial COM3'],
  ['\\\\.\\COM12', 'serial COM12'],
  ['socket://192.168.1.5:4000', 'socket 192.168.1.5 4000'],
  ['SOCKET://board:4000/', 'socket board 4000'],
  ['socket://[2001:db8::1]:4000', 'socket 2001:db8::1 4000'],
  ['rfc2217://board.local:2217', 'rfc2217 board.local 2217'],
  ['rfc2217://board:2217?ign_set_control', 'rfc2217 board 2217 ign_set_control'],
  ['rfc2217://board:2217/?timeout=5&ign_set_control=', 'rfc2217 board 2217 ign_set_control'],
];
for (const [text, meaning] of names) {
  test(`a port is named: ${text}`, () => {
    const parsed = parsePort(text, 'linux');
    assert.ok(parsed.ok);
    const { value } = parsed;
    const words =
      value.kind === 'auto'
        ? []
        : value.kind === 'serial'
          ? [value.path]
          : [
              value.address.host,
              value.address.port,
              ...(value.query.has('ign_set_control') ? ['ign_set_control'] : []),
            ];
    assert.equal([value.kind === 'network' ? value.scheme : value.kind, ...words].join(' '), meaning);
  });
}

const mistaken: [text: string, message: RegExp, hint: RegExp][] = [
  ['', /the port has no name/, /\/dev\/ttyUSB0, COM3, auto, socket:\/\/HOST:PORT or rfc2217/],
  ['tcp://board:4000', /ports are not reached by tcp:\/\//, /^did you mean socket:\/\/\?$/],
  ['rfc2271://board:4000', /not reached by rfc2271/, /did you mean "rfc2217"\?/],
  ['hwgrep://CP2102', /not reached by hwgrep/, /socket:\/\/HOST:PORT/],
  ['board:4000', /^board:4000 is no serial port$/, /^did you mean socket:\/\/board:4000\?$/],
  ['socket://board', /does not name a host and its port/, /socket:\/\/192\.168\.1\.5:4000/],
  ['socket://::1:4000', /does not name a host/, /\[2001:db8::1\]/],
  ['socket://board:70000', /there is no port 70000/, /from 1 to 65535/],
  ['rfc2217://board:0', /there is no port 0/, /from 1/],
  ['../ttyUSB0', /does not name a port/, /\/dev\/ttyUSB0/],
  ['tty\x1b[2JUSB0', /^tty\\x1b\[2JUSB0 does not name a port$/, /./],
];
for (const [text, message, hint] of mistaken) {
  test(`no port is named: ${JSON.stringify(text)}`, () => {
    const parsed = parsePort(text, 'linux');
    assert.ok(!parsed.ok);
    assert.match(parsed.error.message, message);
    assert.match(parsed.error.hint, hint);
  });
}

/** Reads the name of a port that is one. */
function named(text: string): PortName {
  const parsed = parsePort(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

const usb = { vendorId: 0x303a, productId: 0x1001 };
const list = async () => [{ path: '/dev/ttyACM0', usb }, { path: '/dev/ttyS0' }];

test('a port knows its name, its lines and what USB says of it', async () => {
  assert.deepEqual((await findPort(named('/dev/ttyACM0'), { list })).usb, usb);
  assert.equal((await findPort(named('/dev/ttyS0'), { list })).usb, undefined);
  const found = await findPort(named('auto'), { list });
  assert.deepEqual([found.name, found.hasLines, found.usb], ['/dev/ttyACM0', true, usb]);
  const socket = await findPort(named('socket://[::1]:4000'), { list: () => assert.fail('nothing to list') });
  assert.deepEqual([socket.name, socket.hasLines, socket.usb], ['socket://[::1]:4000', false, undefined]);
  const remote = await findPort(named('rfc2217://board:2217?ign_set_control'));
  assert.deepEqual([remote.name, remote.hasLines], ['rfc2217://board:2217', true]);
});

test('a port can be named that cannot be listed', async () => {
  const port = await findPort(named('COM3'), { list: () => Promise.reject(new Error('no such service')) });
  assert.deepEqual([port.name, port.usb], ['COM3', undefined]);
});

/** serialport that cannot open, and says why as the system does. */
const refusing = (message: string) => async () => ({
  SerialPort: { list: async () => [], binding: { open: () => Promise.reject(new Error(message)) } },
});

const refused: [said: string, code: string, message: string, hint: RegExp][] = [
  ['Opening COM3: Access denied', 'port-busy', 'another program holds COM3', /close the serial monitor/],
  [
    'Opening COM3: File not found',
    'port-missing',
    'there is no port COM3',
    /^there are: \/dev\/ttyACM0 \(USB of the chip, 303a:1001\) and/,
  ],
  ['Error: Device or resource busy, cannot open COM3', 'port-busy', 'another program holds COM3', /close/],
  ['Error Resource temporarily unavailable Cannot lock port', 'port-busy', 'another program holds COM3', /close/],
  ['Error: Permission denied, cannot open COM3', 'port-denied', 'this user may not open COM3', /as a user that may/],
  ['Error: Input/output error, cannot open COM3', 'port-missing', 'there is no port COM3', /there are/],
  [
    'Error baud rate of 777 is not supported on your platform',
    'port-unreachable',
    'COM3 cannot work at 115,200 baud',
    /--baud 115200/,
  ],
  [
    'Opening COM3: Unknown error code 31',
    'port-unreachable',
    'COM3 cannot be opened: Opening COM3: Unknown error code 31',
    /plug it in again/,
  ],
];
for (const [said, code, message, hint] of refused) {
  test(`a port that cannot be opened is explained: ${said}`, async () => {
    const port = await findPort(named('COM3'), { list, load: refusing(said) });
    const { hint: given, ...rest } = await refusal(port.open(115_200, new Listener()));
    assert.deepEqual(rest, { code, message });
    assert.match(given, hint);
  });
}
