import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownFlasher } from '../../src/flash/connect.ts';
import { DeviceError } from '../../src/flash/device.ts';
import type { Link, Way } from '../../src/flash/link.ts';
import { SimulatedChip } from '../support/chip/chip.ts';

/** Milliseconds until a step ends in an interruption. */
async function interruptedAfter(step: Promise<unknown>): Promise<number> {
  const started = Date.now();
  const error = await step.then(
    () => assert.fail('it went on'),
    (one: unknown) => one,
  );
  assert.ok(error instanceof DeviceError);
  assert.equal(error.diagnostic.code, 'interrupted');
  return Date.now() - started;
}

test('a connection that does not come about is not waited for, and closed should it come about yet', async () => {
  const chip = new SimulatedChip({});
  let open: (link: Link) => void = () => {};
  let isClosed = false;
  const way: Way = {
    name: 'slow',
    hasLines: false,
    open: () =>
      new Promise((resolve) => {
        open = resolve;
      }),
  };
  const stop = new AbortController();
  const connecting = ownFlasher.connect({ way, baud: 115_200, before: 'no-reset', signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  assert.ok((await interruptedAfter(connecting)) < 2000);
  const link = await chip.way().open(115_200, { data: () => {}, lost: () => {} });
  const close = async () => {
    isClosed = true;
    await link.close();
  };
  open({ ...link, close });
  await new Promise(setImmediate);
  assert.ok(isClosed);
  chip.close();
});

test('a port that takes no bytes, or a chip that says nothing, holds nobody up', async () => {
  for (const kind of ['port', 'chip'] as const) {
    const chip = new SimulatedChip({});
    let isStuck = false;
    const inner = chip.way();
    const way: Way = {
      ...inner,
      async open(baud, events) {
        const link = await inner.open(baud, events);
        return { ...link, write: (bytes) => (isStuck ? new Promise(() => {}) : link.write(bytes)) };
      },
    };
    const stop = new AbortController();
    const device = await ownFlasher.connect({ way, baud: 921_600, before: 'default-reset', signal: stop.signal });
    if (kind === 'port') isStuck = true;
    else chip.faults.add({ kind: 'silence', side: 'toChip', at: 0 });
    const asked = device.md5([{ offset: 0, size: 4096 }]);
    stop.abort();
    assert.ok((await interruptedAfter(asked)) < 2000, kind);
    await device.close('hard-reset');
    assert.equal(chip.isPlugged, false);
    chip.close();
  }
});

test('one signal serves a hundred flashes: none leaves anything behind on it', async () => {
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
  const chip = new SimulatedChip({});
  for (let time = 0; time < 2; time++) {
    const way = chip.way();
    const device = await ownFlasher.connect({ way, baud: 921_600, before: 'default-reset', signal });
    await device.md5([{ offset: 0, size: 4096 }]);
    await device.close('no-reset');
  }
  const silent = new SimulatedChip({ lines: false, start: 'app' });
  const failed = ownFlasher.connect({ way: silent.way(), baud: 115_200, before: 'no-reset', signal });
  await assert.rejects(failed, DeviceError);
  assert.equal(listeners, 0);
  chip.close();
  silent.close();
});
