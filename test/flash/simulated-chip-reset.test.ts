import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Lines } from '../../src/device/connection.ts';
import { type SimulatedChip, servedChip, simulatedChip } from '../support/chip/chip.ts';
import type { ChipOptions } from '../support/chip/options.ts';
import { serveOverPty } from '../support/chip/pty.ts';
import { RawClient, words } from '../support/chip/raw-client.ts';
import { serveOverTcp } from '../support/chip/tcp.ts';
import { plainEsptoolJs } from '../support/esptool-js.ts';
import { canMakePty } from '../support/pty.ts';
import { until } from '../support/until.ts';

const limit = { timeout: 10_000 };
/** Longer than EN takes to rise. */
const settle = 20;

async function plugged(t: TestContext, options: ChipOptions = {}) {
  const chip = simulatedChip(t, options);
  return { chip, client: await RawClient.open(chip.port()) };
}

async function served(t: TestContext, serve: (t: TestContext, chip: SimulatedChip) => Promise<string>) {
  const chip = servedChip(t, { lines: false });
  return { chip, address: await serve(t, chip) };
}

type Plugged = Awaited<ReturnType<typeof plugged>>;

/** `r`, `d`: asserted lines, step by step, with a pause after each. */
async function play({ chip, client }: Plugged, ...steps: readonly string[]): Promise<void> {
  for (const step of steps) {
    const lines: Lines = { dtr: step.includes('d'), rts: step.includes('r') };
    await client.connection.setLines(lines);
    await chip.clock.sleep(settle);
  }
}

test('the sequence of esptool enters download mode', limit, async (t) => {
  const board = await plugged(t);
  const { chip, client } = board;
  assert.equal(chip.mode, 'app');
  await play(board, 'r', 'd', '');
  assert.equal(chip.mode, 'rom');
  assert.equal(chip.resets, 1);
  assert.match(client.text(), /waiting for download/);
  assert.deepEqual(
    (await client.sync()).map(({ value }) => value),
    new Array(8).fill(0x20120707),
  );
});

test('RTS alone starts the application, which does not answer', limit, async (t) => {
  const board = await plugged(t);
  const { chip, client } = board;
  await play(board, 'r', '');
  assert.equal(chip.mode, 'app');
  assert.equal(chip.resets, 1);
  assert.match(client.text(), /\r\nready\r\n$/);
  client.flush();
  await client.send('sync', new Uint8Array(36));
  await chip.clock.sleep(settle);
  assert.equal(client.heard.length, 0);
});

test('lines in another order, or none at the right time, do not enter download mode', limit, async (t) => {
  const board = await plugged(t);
  const { chip } = board;
  await play(board, 'd', 'dr', '');
  assert.equal(chip.resets, 0, 'both lines together do nothing');
  await play(board, 'r', 'dr', '');
  assert.equal(chip.mode, 'app');
  const deaf = await plugged(t, { lines: false, start: 'app' });
  await play(deaf, 'r', 'd', '');
  assert.equal(deaf.chip.resets, 0);
});

test('DTR a moment before RTS goes, as drivers do it one after the other', limit, async (t) => {
  const board = await plugged(t);
  const { chip, client } = board;
  await play(board, 'r');
  await client.connection.setLines({ dtr: true, rts: true });
  await client.connection.setLines({ dtr: true, rts: false });
  await chip.clock.sleep(settle);
  assert.equal(chip.mode, 'rom');
});

test('a closed port lets go of its lines', limit, async (t) => {
  const { chip, client } = await plugged(t);
  await client.connection.setLines({ dtr: false, rts: true });
  assert.equal(chip.mode, 'off');
  await client.connection.close();
  await chip.clock.sleep(settle);
  assert.equal(chip.mode, 'app');
});

test('a chip hears only its own baud rate, and above its limit nothing gets through', limit, async (t) => {
  const { chip, client } = await plugged(t, { start: 'stub', maxBaud: 1_000_000 });
  await client.ask('changeBaud', words(921600, 115200));
  assert.equal(chip.baud, 921600);
  await client.send('readReg', words(0x40001000));
  await chip.clock.sleep(settle);
  assert.equal(chip.commands.length, 1, 'it heard nothing of this');
  await client.connection.setBaud(921600);
  client.flush();
  assert.equal((await client.ask('readReg', words(0x40001000))).value, 0x1b31506f);
  await client.ask('changeBaud', words(2_000_000, 921600));
  await client.connection.setBaud(2_000_000);
  await client.send('readReg', words(0x40001000));
  await chip.clock.sleep(settle);
  assert.equal(chip.commands.length, 3);
});

test('esptool-js falls back where the rate does not answer', limit, async (t) => {
  const chip = simulatedChip(t, { maxBaud: 500_000 });
  const { loader, transport } = await plainEsptoolJs(chip.port(), 921600);
  await loader.main();
  assert.equal(transport.baudrate, 115200);
  assert.equal(chip.mode, 'stub');
  await transport.disconnect();
});

test('secure boot, flash encryption and secure download mode show', limit, async (t) => {
  const { client } = await plugged(t, { start: 'rom', flashEncryption: true, secureBoot: true });
  const info = await client.ask('securityInfo');
  assert.deepEqual([...info.data.subarray(0, 5)], [1, 0, 0, 0, 1]);
  assert.equal(info.data.length, 20 + 4);
  const locked = await plugged(t, { start: 'rom', chip: 'esp32s2', secureDownload: true });
  assert.deepEqual([...(await locked.client.ask('securityInfo')).data.subarray(0, 4)], [4, 0, 0, 0]);
  assert.deepEqual([...(await locked.client.ask('readReg', words(0x40001000))).data], [1, 5, 0, 0]);
  const esp32 = await plugged(t, { start: 'stub', chip: 'esp32', flashEncryption: true, secureBoot: true });
  assert.equal((await esp32.client.ask('readReg', words(0x3ff5a000))).value, 1 << 20);
  assert.equal((await esp32.client.ask('readReg', words(0x3ff5a018))).value, 1 << 4);
});

test('behind a socket there is room for one, and a cable pulled ends the connection', limit, async (t) => {
  const { chip, address } = await served(t, serveOverTcp);
  const { connect } = await import('node:net');
  const port = Number(address.split(':').at(-1));
  const first = connect(port, '127.0.0.1');
  await new Promise((resolve) => first.once('connect', resolve));
  await until(() => chip.isPlugged, 'the first is let in');
  const second = connect(port, '127.0.0.1');
  await new Promise((resolve) => second.once('close', resolve));
  chip.cut();
  await new Promise((resolve) => first.resume().once('close', resolve));
});

test('serialport opens the pty of a chip', { ...limit, skip: !canMakePty && 'no pty here' }, async (t) => {
  const { SerialPort } = await import('serialport');
  const { chip, address } = await served(t, serveOverPty);
  const port = new SerialPort({ path: address, baudRate: 115200 });
  const client = await RawClient.open({
    name: address,
    hasLines: false,
    async open(_baud, events) {
      await new Promise((resolve) => port.once('open', resolve));
      port.on('data', (bytes: Uint8Array) => events.data(bytes));
      return {
        write: (bytes) => new Promise((resolve) => port.write(Buffer.from(bytes), () => resolve())),
        async setBaud() {},
        async setLines() {},
        close: () => new Promise((resolve) => port.close(() => resolve())),
      };
    },
  });
  assert.equal((await client.sync()).length, 8);
  // All bytes there are, both ways.
  const every = Uint8Array.from({ length: 4096 }, (_, index) => index);
  chip.flash.set(every);
  await client.ask('memEnd', words(0, 0x4038_0000));
  assert.deepEqual(await client.frame(), new TextEncoder().encode('OHAI'));
  await client.ask('readFlash', words(0, 4096, 4096, 1));
  assert.deepEqual(await client.frame(), every);
  await client.connection.close();
});
