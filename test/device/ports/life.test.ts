import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLife } from '../../../src/device/ports/life.ts';
import { Listener, refusal } from '../../support/listener.ts';
import { simulatedTime } from '../../support/simulated-time.ts';

test('a board that takes no bytes does not hold anybody up for ever', async (t) => {
  const clock = simulatedTime(t);
  const listener = new Listener();
  const life = startLife('COM3', listener, String, { clock });
  const { code, message, hint } = await refusal(life.during(() => new Promise(() => {})));
  assert.deepEqual([code, message], ['chip-silent', 'COM3 took no bytes for 10 s']);
  assert.match(hint, /unplug the board/);
  assert.deepEqual(listener.reasons, [], 'it is still there');
});

test('what ends a way is said once, and everything that waits ends with it', async () => {
  const listener = new Listener();
  const life = startLife('COM3', listener, (error) => `it failed (${error})`);
  const waiting = refusal(life.during(() => new Promise(() => {})));
  const failing = refusal(life.during(() => Promise.reject('EIO')));
  assert.equal((await failing).message, 'the way to the board at COM3 was lost: it failed (EIO)');
  assert.equal((await waiting).message, 'the way to the board at COM3 was lost: it failed (EIO)');
  life.lose('again');
  life.data(Uint8Array.of(1));
  await refusal(life.during(() => assert.fail('nothing is begun any more')));
  assert.deepEqual(listener.reasons, ['it failed (EIO)']);
  assert.equal(listener.received.length, 0);
});
