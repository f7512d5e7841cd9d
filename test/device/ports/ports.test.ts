import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findBoard } from '../../../src/device/ports/auto.ts';
import type { PortInfo } from '../../../src/device/ports/port.ts';
import { listPorts, portAt, portText } from '../../../src/device/ports/ports.ts';
import { whyNoBoard } from '../../../src/device/ports/surroundings.ts';
import { sysfsPorts } from '../../../src/device/ports/sysfs.ts';
import { refusal } from '../../support/listener.ts';
import { scratch } from '../../support/scratch.ts';
import { Sysfs } from '../../support/sysfs.ts';

const cp210x = { ids: '10c4:ea60', product: 'CP2102N USB to UART Bridge Controller' };
const usbJtag = { ids: '303a:1001', product: 'USB JTAG/serial debug unit' };
const arduino = { ids: '2341:0043', product: 'Arduino Uno' };

const sysfs = (t: TestContext) => new Sysfs(scratch(t));

/** What `auto` finds where Linux shows this. */
const auto = ({ root }: Sysfs, choose?: (boards: readonly PortInfo[]) => Promise<PortInfo | undefined>) =>
  findBoard(
    async () => sysfsPorts(root),
    choose,
    (ports) => whyNoBoard(ports, root, 'linux'),
  );

test('the ports of Linux, with what USB says of them, in the order that people count', (t) => {
  const { root } = sysfs(t)
    .usbPort('ttyUSB10', cp210x)
    .usbPort('ttyUSB2', { ids: '1a86:7523' })
    .usbPort('ttyACM0', arduino)
    .uart('ttyS0', 4)
    .uart('ttyS1', 0)
    .terminal('tty0');
  assert.deepEqual(sysfsPorts(root).map(portText), [
    '/dev/ttyACM0 (Arduino Uno, 2341:0043)',
    '/dev/ttyS0 (not USB)',
    '/dev/ttyUSB2 (CH340, 1a86:7523)',
    '/dev/ttyUSB10 (CP210x, 10c4:ea60)',
  ]);
  assert.deepEqual(sysfsPorts(root)[3]?.usb, { vendorId: 0x10c4, productId: 0xea60 });
  assert.deepEqual(sysfsPorts(join(root, 'nowhere')), []);
});

test('auto takes the one board there is, whatever else is plugged in', async (t) => {
  const machine = sysfs(t).usbPort('ttyACM0', arduino).usbPort('ttyACM1', usbJtag).uart('ttyS0', 4);
  assert.equal((await auto(machine)).path, '/dev/ttyACM1');
});

test('of several boards the one is taken that is chosen; else they are listed', async (t) => {
  const machine = sysfs(t)
    .usbPort('ttyUSB0', cp210x)
    .usbPort('ttyUSB1', { ids: '1a86:55d4' })
    .usbPort('ttyACM0', arduino);
  const chosen = await auto(machine, async (boards) => {
    assert.deepEqual(boards.map(portText), ['/dev/ttyUSB0 (CP210x, 10c4:ea60)', '/dev/ttyUSB1 (CH9102, 1a86:55d4)']);
    return boards[1];
  });
  assert.equal(chosen.path, '/dev/ttyUSB1');
  const expected = {
    code: 'port-ambiguous',
    message: '2 boards are there: /dev/ttyUSB0 (CP210x, 10c4:ea60), /dev/ttyUSB1 (CH9102, 1a86:55d4)',
    hint: 'name one: --port /dev/ttyUSB1',
  };
  assert.deepEqual(await refusal(auto(machine)), expected);
  assert.deepEqual(await refusal(auto(machine, async () => undefined)), expected);
});

const noBoard: [what: string, machine: (sysfs: Sysfs) => Sysfs, message: RegExp, hint: RegExp][] = [
  [
    'nothing at all',
    (machine) => machine,
    /: there is no serial port at all$/,
    /plugged in\? does the cable carry data/,
  ],
  [
    'ports of another kind',
    (machine) => machine.usbPort('ttyACM0', arduino).uart('ttyS0', 4),
    /: looked at 2 serial ports: \/dev\/ttyACM0 \(Arduino Uno, 2341:0043\), \/dev\/ttyS0 \(not USB\)$/,
    /if it is another one: --port \/dev\/ttyACM0$/,
  ],
  [
    'more ports than are worth reading',
    (machine) => Array.from({ length: 9 }, (_, index) => machine.uart(`ttyS${index}`, 4))[0]!,
    /looked at 9 serial ports: .*\/dev\/ttyS5 \(not USB\), and 3 more$/,
    /plugged in/,
  ],
  [
    'a bridge without a driver',
    (machine) => machine.plugged({ ids: '1a86:7523' }),
    /no serial port/,
    /^a CH340 \(1a86:7523\) is plugged in, but no driver makes a port of it: brltty/,
  ],
  [
    'WSL',
    (machine) => machine.file('proc/version', 'Linux version 5.15.90.1-microsoft-standard-WSL2\n'),
    /no serial port/,
    /^WSL sees no USB .*usbipd attach --wsl/,
  ],
  [
    'a container',
    (machine) => machine.file('.dockerenv', ''),
    /no serial port/,
    /^a container .*--device=\/dev\/ttyUSB0$/,
  ],
  [
    'a container whose host has the board',
    (machine) => machine.file('.dockerenv', '').usbPort('ttyUSB3', cp210x, { hasNode: false }),
    /\/dev\/ttyUSB3 \(CP210x, 10c4:ea60, not in this container\)$/,
    /^give this container the port: --device=\/dev\/ttyUSB3$/,
  ],
];
for (const [what, machine, message, hint] of noBoard) {
  test(`where there is no board, it says what it looked at, and why that may be: ${what}`, async (t) => {
    const said = await refusal(auto(machine(sysfs(t))));
    assert.equal(said.code, 'port-missing');
    assert.match(said.message, /^no board was found: /);
    assert.match(said.message, message);
    assert.match(said.hint, hint);
  });
}

test('a port is found by its links, too', (t) => {
  const folder = scratch(t);
  const path = join(folder, 'ttyUSB0');
  writeFileSync(path, '');
  symlinkSync(path, join(folder, 'usb-Silicon_Labs_CP2102N-if00-port0'));
  const port = { path };
  assert.equal(portAt(join(folder, 'usb-Silicon_Labs_CP2102N-if00-port0'), [{ path: '/dev/other' }, port]), port);
  assert.equal(portAt(join(folder, 'ttyUSB1'), [port]), undefined);
  assert.ok(portAt('com3', [{ path: 'COM3' }]));
});

/** serialport on a system other than Linux. */
const listing =
  (ports: { path: string; vendorId?: string; productId?: string; friendlyName?: string }[]) => async () => ({
    SerialPort: { list: async () => ports, binding: { open: () => assert.fail('nothing is opened') } },
  });

test('the ports of Windows and macOS are those of serialport', async () => {
  const windows = listing([
    { path: 'COM12', vendorId: '10C4', productId: 'EA60', friendlyName: 'Silicon Labs CP210x (COM12)' },
    { path: 'COM3', friendlyName: 'Communications PortInfo (COM3)' },
  ]);
  assert.deepEqual((await listPorts(windows, 'win32')()).map(portText), [
    'COM3 (Communications PortInfo (COM3), not USB)',
    'COM12 (CP210x, 10c4:ea60)',
  ]);
  const mac = listing([{ path: '/dev/tty.usbserial-0001', vendorId: '1a86', productId: '7523' }]);
  assert.deepEqual((await listPorts(mac, 'darwin')()).map(portText), ['/dev/cu.usbserial-0001 (CH340, 1a86:7523)']);
});

test('where serialport is not installed, other systems than Linux cannot list', async () => {
  const load = () => Promise.reject(new Error("Cannot find package 'serialport'"));
  const { code, message } = await refusal(findBoard(listPorts(load, 'win32')));
  assert.equal(code, 'port-missing');
  assert.match(message, /needs the package serialport/);
});
