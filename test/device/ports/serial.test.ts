import assert from 'node:assert/strict';
import { chmodSync, chownSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../../src/core/clock.ts';
import { serialPort } from '../../../src/device/ports/serial.ts';
import { loadSerial } from '../../../src/device/ports/serial-module.ts';
import { difference, patterned } from '../../support/bytes.ts';
import { Listener, refusal } from '../../support/listener.ts';
import { canMakePty, openPty } from '../../support/pty.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { unprivilegedAsync } from '../../support/unprivileged.ts';

const hasSerialport = await loadSerial().then(
  () => true,
  () => false,
);
const skip = canMakePty && hasSerialport ? false : 'needs serialport and the script of util-linux';

async function open(t: TestContext, clock?: Clock) {
  const pty = await openPty(t);
  const listener = new Listener();
  const connection = await serialPort(pty.path, { ...(clock && { clock }) }).open(115_200, listener);
  t.after(() => void connection.close());
  return { pty, listener, connection };
}

/** The next so many bytes that come out of the far end. */
async function taken(output: Readable, size: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of output.iterator({ destroyOnReturn: false })) {
    parts.push(part);
    length += part.length;
    if (length >= size) break;
  }
  return Buffer.concat(parts);
}

test('bytes of every value go both ways over a serial port, unchanged', { skip }, async (t) => {
  const { pty, listener, connection } = await open(t);
  const sent = patterned(64 * 1024);
  const [arrived] = await Promise.all([taken(pty.output, sent.length), connection.write(sent)]);
  assert.equal(difference(arrived, sent), '');
  pty.input.write(sent);
  assert.equal(difference(await listener.bytes(sent.length), sent), '');
});

test('writes that do not wait for each other stay in order', { skip }, async (t) => {
  const { pty, connection } = await open(t);
  const sent = patterned(30_000);
  const parts = Array.from({ length: 30 }, (_, index) => sent.subarray(index * 1000, (index + 1) * 1000));
  const [arrived] = await Promise.all([taken(pty.output, sent.length), ...parts.map((part) => connection.write(part))]);
  assert.equal(difference(arrived, sent), '');
});

test('rate and lines can be set where nothing comes of it', { skip }, async (t) => {
  const { listener, connection } = await open(t);
  await connection.setBaud(921_600);
  await connection.setLines({ dtr: true, rts: false });
  await connection.setBaud(1_234_567);
  assert.deepEqual(listener.reasons, []);
});

test('a port closes while data flows, and can be opened again at once', { skip }, async (t) => {
  // It is not given up, however long the machine takes; for that see serial-lines.test.ts.
  const { pty, listener, connection } = await open(t, new SimulatedClock('held'));
  pty.input.write(new Uint8Array(256 * 1024));
  await listener.bytes(1000);
  // From here on nobody takes what is written; `script` passes on nothing either way while its output stands still.
  pty.output.pause();
  const written = refusal(connection.write(new Uint8Array(1024 * 1024)));
  await connection.close();
  await connection.close();
  assert.equal((await written).code, 'port-lost');
  const { length } = listener.received;
  const again = await serialPort(pty.path).open(115_200, new Listener());
  await again.close();
  assert.equal(listener.received.length, length, 'nothing comes of a closed port');
  assert.deepEqual(listener.reasons, []);
});

for (const when of ['while nothing happens', 'while data flows'] as const) {
  test(`a port that vanishes ${when} is lost`, { skip }, async (t) => {
    const { pty, listener, connection } = await open(t);
    if (when === 'while data flows') {
      const chatter = setInterval(() => pty.input.write(new Uint8Array(4096)), 1);
      t.after(() => clearInterval(chatter));
      await listener.bytes(50_000);
    }
    pty.vanish();
    assert.equal(await listener.end(), 'the port is gone');
    const { code, message } = await refusal(connection.write(Uint8Array.of(1)));
    assert.deepEqual([code, message], ['port-lost', `the way to the board at ${pty.path} was lost: the port is gone`]);
    await connection.close();
    assert.equal(listener.reasons.length, 1);
  });
}

test('a write to a port that vanishes ends', { skip }, async (t) => {
  const { pty, connection } = await open(t);
  pty.output.pause();
  const written = refusal(connection.write(new Uint8Array(1024 * 1024)));
  pty.vanish();
  assert.equal((await written).code, 'port-lost');
});

test('a port that is open already is busy, and the program that has it is named', { skip }, async (t) => {
  const { pty } = await open(t);
  const { code, message } = await refusal(serialPort(pty.path).open(115_200, new Listener()));
  assert.equal(code, 'port-busy');
  // This process is not looked at; what else has the terminal is what makes it and what runs in it.
  assert.match(message, new RegExp(`^(script|sleep) \\(process [0-9]+\\) holds ${pty.path}$`));
});

test('of a port that may not be opened, the group to join is named', { skip }, async (t) => {
  const pty = await openPty(t);
  chmodSync(pty.path, 0o060);
  // Who is root may give it to a group, of which there is one by this number on most systems.
  if (process.getuid?.() === 0) chownSync(pty.path, 0, 5);
  const { code, message, hint } = await unprivilegedAsync(() =>
    refusal(serialPort(pty.path).open(115_200, new Listener())),
  );
  assert.deepEqual([code, message], ['port-denied', `this user may not open ${pty.path}`]);
  assert.match(hint, /^join the group (\w+): sudo usermod -aG \1 \$USER, then log out and in again$/);
});

test('a port that does not exist, and files that are none', { skip }, async () => {
  for (const [path, message] of [
    ['/dev/ttyNONE7', 'there is no port /dev/ttyNONE7'],
    ['/dev/null', '/dev/null is no serial port'],
    ['/dev', '/dev is no serial port'],
  ] as const) {
    const refused = await refusal(serialPort(path).open(115_200, new Listener()));
    assert.deepEqual([refused.code, refused.message], ['port-missing', message]);
  }
});

test('without the package serialport, it says what works without it', async () => {
  const load = () => Promise.reject(new Error("Cannot find package 'serialport'"));
  const { code, message, hint } = await refusal(serialPort('COM3', { load }).open(115_200, new Listener()));
  assert.equal(code, 'port-missing');
  assert.match(message, /^COM3 needs the package serialport, which is not installed or does not run/);
  assert.match(hint, /npm install serialport; .* socket:\/\/, rfc2217:\/\/, .* --esptool/);
});
