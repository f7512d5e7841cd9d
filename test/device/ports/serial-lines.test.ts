import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../../src/core/clock.ts';
import { serialPort } from '../../../src/device/ports/serial.ts';
import type { BindingPort, SetOptions } from '../../../src/device/ports/serial-module.ts';
import { Listener, refusal } from '../../support/listener.ts';
import { simulatedTime } from '../../support/simulated-time.ts';

/** A way over a port whose driver does what a test says, and otherwise nothing. */
function driven(driver: Partial<BindingPort>, clock?: Clock) {
  let canceled: (error: Error) => void = () => {};
  const port: BindingPort = {
    read: () => new Promise((_, reject) => (canceled = reject)),
    write: async () => {},
    update: async () => {},
    set: async () => {},
    get: async () => {},
    flush: async () => {},
    close: async () => canceled(new Error('Canceled')),
    ...driver,
  };
  const load = async () => ({ SerialPort: { list: async () => [], binding: { open: async () => port } } });
  return serialPort('/dev/ttyUSB0', { load, ...(clock && { clock }) });
}

test('lines are set by their whole state, since drivers differ in what they take for granted', async () => {
  const states: SetOptions[] = [];
  const connection = await driven({ set: async (state) => void states.push(state) }).open(115_200, new Listener());
  await connection.setLines({ dtr: true, rts: false });
  await connection.setLines({ dtr: false, rts: true });
  const rest = { brk: false, cts: false, dsr: false, lowLatency: true };
  assert.deepEqual(states, [
    { ...rest, dtr: true, rts: false },
    { ...rest, dtr: false, rts: true },
  ]);
  await connection.close();
});

test('a board that is unplugged while its lines are set is lost', async () => {
  const listener = new Listener();
  const set = () => Promise.reject(new Error('Error: Input/output error, cannot set'));
  const connection = await driven({ set }).open(115_200, listener);
  assert.equal((await refusal(connection.setLines({ dtr: true, rts: false }))).code, 'port-lost');
  assert.deepEqual(listener.reasons, ['the port is gone']);
  await connection.close();
});

test('a rate that the driver does not know leaves the port open', async () => {
  const listener = new Listener();
  const update = () => Promise.reject(new Error('Error baud rate of 3000001 is not supported on your platform'));
  const connection = await driven({ update }).open(115_200, listener);
  const { code, message } = await refusal(connection.setBaud(3_000_001));
  assert.deepEqual([code, message], ['port-unreachable', '/dev/ttyUSB0 cannot work at 3,000,001 baud']);
  await connection.write(Uint8Array.of(1));
  await connection.close();
  assert.deepEqual(listener.reasons, []);
});

for (const stuck of ['flush', 'close'] as const) {
  test(`closing ends within a second where the driver does not: ${stuck}`, async (t) => {
    const clock = simulatedTime(t);
    const connection = await driven({ [stuck]: () => new Promise(() => {}) }, clock).open(115_200, new Listener());
    await connection.close();
    assert.equal(clock.now(), 800);
  });
}

// serialport reads such a port again and again, at once and for ever: nothing else would tell that it is gone.
test('a port that hangs up in the middle of a read is lost within a second', async (t) => {
  const clock = simulatedTime(t);
  const listener = new Listener();
  let isThere = true;
  const get = async () => {
    if (!isThere) throw new Error('Error: Input/output error, cannot get');
  };
  const connection = await driven({ get }, clock).open(115_200, listener);
  await clock.sleep(5500);
  assert.deepEqual(listener.reasons, []);
  isThere = false;
  await clock.sleep(1000);
  assert.deepEqual(listener.reasons, ['the port is gone']);
  await connection.close();
});
