import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as timers from 'node:timers';
import type { Cleanup } from '../support/scratch.ts';
import { SimulatedClock } from '../support/simulated-clock.ts';
import { simulatedTime } from '../support/simulated-time.ts';

const hour = 3_600_000;

function clockUntil(t: Cleanup): SimulatedClock {
  const clock = new SimulatedClock();
  t.after(() => clock.stop());
  return clock;
}

test('hours pass in the order of their events, each with all that it leads to before the next', async (t) => {
  const clock = clockUntil(t);
  const order: string[] = [];
  const says = (what: string) => () => void order.push(`${clock.now()} ${what}`);
  clock.timeout(hour, says('an hour'));
  clock.timeout(5, async () => {
    says('first')();
    await Promise.resolve();
    clock.timeout(0, says('led to by the first'));
  });
  clock.timeout(5, says('second'));
  clock.timeout(6, () => assert.fail('it was called off'))();
  await clock.sleep(2 * hour);
  assert.deepEqual(order, ['5 first', '5 second', '5 led to by the first', `${hour} an hour`]);
  assert.equal(clock.now(), 2 * hour);
});

// A slow disk would otherwise run into a time-out of the program on one machine, and not on another.
test('time stands still while a file is read', async (t) => {
  const clock = clockUntil(t);
  const late = clock.sleep(1).then(() => 'a millisecond');
  const read = async () => {
    for (let time = 0; time < 20; time++) await readFile(import.meta.filename);
    return 'twenty files';
  };
  assert.equal(await Promise.race([late, read()]), 'twenty files');
  assert.equal(clock.now(), 0);
});

test('an interval goes on until it is called off, and time does not go on for one that nobody waits for', async (t) => {
  const clock = clockUntil(t);
  const times: number[] = [];
  const callOff = clock.interval(100, () => {
    times.push(clock.now());
    if (clock.now() === 300) callOff();
  });
  const idle = clock.interval(250, () => times.push(-clock.now()), { ref: false });
  await clock.sleep(600);
  assert.deepEqual(times, [100, 200, -250, 300, -500]);
  await new Promise((resolve) => timers.setImmediate(resolve));
  assert.equal(clock.now(), 600);
  idle();
});

test('held, it goes on as far as it is told', async () => {
  const clock = new SimulatedClock('held');
  const times: number[] = [];
  clock.interval(400, () => times.push(clock.now()));
  await clock.advance(1000);
  assert.deepEqual([times, clock.now()], [[400, 800], 1000]);
});

test('a sleep ends when it is aborted', async (t) => {
  const clock = clockUntil(t);
  const controller = new AbortController();
  clock.timeout(7, () => controller.abort());
  await clock.sleep(hour, controller.signal);
  await clock.sleep(hour, controller.signal);
  assert.equal(clock.now(), 7);
});

test('timers of packages are those of the simulated time as long as a test takes, and of nothing else', async () => {
  const ends: (() => void)[] = [];
  const t: Cleanup = { after: (end) => ends.push(end) };
  const real = { ...pick(), now: Date.now() };
  const clock = simulatedTime(t);
  assert.equal(simulatedTime(t), clock, 'there is one');
  const begun = { date: Date.now(), performance: performance.now() };
  await new Promise((resolve) => setTimeout(resolve, hour));
  await new Promise((resolve) => setImmediate(resolve));
  const interval = setInterval(() => clearInterval(interval), hour);
  clearTimeout(setTimeout(() => assert.fail('it was called off'), 1));
  await clock.sleep(2 * hour);
  assert.equal(Date.now() - begun.date, 3 * hour);
  assert.equal(performance.now() - begun.performance, 3 * hour);
  assert.notEqual(setTimeout, timers.setTimeout, 'Node keeps its own');
  for (const end of ends) end();
  assert.deepEqual({ ...pick(), now: 0 }, { ...real, now: 0 });
  assert.ok(Math.abs(Date.now() - real.now) < hour);
});

const pick = () => ({ setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate });
