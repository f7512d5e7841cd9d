import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/core/clock.ts';
import type { Connection, Port } from '../../src/device/connection.ts';
import { DeviceError } from '../../src/device/device.ts';
import { stubDriver } from '../../src/device/drivers/stub/connect.ts';
import { simulatedChip } from '../support/chip/chip.ts';

/** Milliseconds until a step ends in an interruption. */
async function interruptedAfter(clock: Clock, step: Promise<unknown>): Promise<number> {
  const started = clock.now();
  const error = await step.then(
    () => assert.fail('it went on'),
    (one: unknown) => one,
  );
  assert.ok(error instanceof DeviceError);
  assert.equal(error.diagnostic.code, 'interrupted');
  return clock.now() - started;
}

test('a connection that does not come about is not waited for, and closed should it come about yet', async (t) => {
  const chip = simulatedChip(t);
  const { clock } = chip;
  let open: (connection: Connection) => void = () => {};
  let isClosed = false;
  const port: Port = {
    name: 'slow',
    hasLines: false,
    open: () =>
      new Promise((resolve) => {
        open = resolve;
      }),
  };
  const stop = new AbortController();
  const connecting = stubDriver.connect({ port, clock, baud: 115_200, before: 'no-reset', signal: stop.signal });
  clock.timeout(50, () => stop.abort());
  assert.equal(await interruptedAfter(clock, connecting), 50);
  const connection = await chip.port().open(115_200, { data: () => {}, lost: () => {} });
  const close = async () => {
    isClosed = true;
    await connection.close();
  };
  open({ ...connection, close });
  await clock.sleep(0);
  assert.ok(isClosed);
});

test('a port that takes no bytes, or a chip that says nothing, holds nobody up', async (t) => {
  for (const kind of ['port', 'chip'] as const) {
    const chip = simulatedChip(t);
    const { clock } = chip;
    let isStuck = false;
    const inner = chip.port();
    const port: Port = {
      ...inner,
      async open(baud, events) {
        const connection = await inner.open(baud, events);
        return { ...connection, write: (bytes) => (isStuck ? new Promise(() => {}) : connection.write(bytes)) };
      },
    };
    const stop = new AbortController();
    const device = await stubDriver.connect({
      ...{ port, clock, baud: 921_600, before: 'default-reset' },
      signal: stop.signal,
    });
    if (kind === 'port') isStuck = true;
    else chip.faults.add({ kind: 'silence', side: 'toChip', at: 0 });
    const asked = device.flash.digest([{ offset: 0, size: 4096 }]);
    stop.abort();
    // As long as the chip has for the block in hand.
    assert.equal(await interruptedAfter(clock, asked), 450, kind);
    await device.close('hard-reset');
    assert.equal(chip.isPlugged, false);
  }
});

test('one signal serves a hundred flashes: none leaves anything behind on it', async (t) => {
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...all: Parameters<typeof add>) => {
    listeners++;
    add(...all);
  };
  signal.removeEventListener = (...all: Parameters<typeof remove>) => {
    listeners--;
    remove(...all);
  };
  const chip = simulatedChip(t);
  for (let time = 0; time < 2; time++) {
    const device = await stubDriver.connect({ ...chip.access(), baud: 921_600, before: 'default-reset', signal });
    await device.flash.digest([{ offset: 0, size: 4096 }]);
    await device.close('no-reset');
  }
  const silent = simulatedChip(t, { lines: false, start: 'app' });
  const failed = stubDriver.connect({ ...silent.access(), baud: 115_200, before: 'no-reset', signal });
  await assert.rejects(failed, DeviceError);
  assert.equal(listeners, 0);
});
