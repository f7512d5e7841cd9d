import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/core/clock.ts';
import { type Runner, startRunner } from '../../src/watch/runner.ts';
import { SimulatedClock } from '../support/simulated-clock.ts';

/** A world of one input and one output, whose time is turned by hand. `during` happens in the middle of each run. */
function worldOf(during: (world: { input: string; clock: Clock }, machine: () => Runner) => void = () => {}) {
  const clock = new SimulatedClock('held');
  const world = { input: 'a', output: '', runs: 0, looks: 0, isAborted: false, clock };
  let seen = '';
  const machine: Runner = startRunner({
    async run() {
      world.runs++;
      seen = world.input;
      during(world, () => machine);
      await Promise.resolve();
      world.output = seen;
    },
    async look() {
      world.looks++;
      return seen !== world.input;
    },
    clock,
    abort: () => {
      world.isAborted = true;
    },
  });
  return { world, machine, pass: (milliseconds: number) => clock.advance(milliseconds) };
}

test('many notices make one run, and notices of nothing none', async () => {
  const { world, machine, pass } = worldOf();
  await pass(500);
  assert.deepEqual([world.runs, world.output], [1, 'a']);
  world.input = 'b';
  for (let one = 0; one < 20; one++) machine.touched();
  await pass(500);
  assert.deepEqual([world.runs, world.output], [2, 'b']);
  machine.touched();
  await pass(500);
  assert.equal(world.runs, 2);
});

test('it rests: without a notice nobody looks', async () => {
  const { world, pass } = worldOf();
  await pass(500);
  const { looks } = world;
  await pass(2000);
  assert.equal(world.looks, looks);
});

for (const delay of [0, 1, 20, 60, 99, 101, 120, 200, 300]) {
  test(`a write without any notice, ${delay} ms after one with, is not lost`, async () => {
    const { world, machine, pass } = worldOf();
    await pass(500);
    world.input = 'first';
    machine.touched();
    await pass(delay);
    world.input = 'second';
    await pass(1000);
    assert.equal(world.output, 'second');
  });
}

test('a write in the middle of a run is not lost, with a notice and without', async () => {
  for (const isNoticed of [true, false]) {
    let left = 3;
    const { world, pass } = worldOf((running, machine) => {
      if (left-- <= 0) return;
      running.input += '+';
      if (isNoticed) running.clock.timeout(0, () => machine().touched());
    });
    await pass(3000);
    assert.deepEqual([world.output, world.runs], ['a+++', 4]);
  }
});

test('a source that never holds still is built all the same, once a second', async () => {
  const { world, machine, pass } = worldOf();
  await pass(500);
  for (let round = 0; round < 60; round++) {
    world.input = `${round}`;
    machine.touched();
    await pass(50);
  }
  // At the start, and a second after the first notice of each group.
  assert.equal(world.runs, 4);
});

test('stopped in the middle of a run, it hastens that and ends with it', async () => {
  const { world, machine } = worldOf();
  machine.stop();
  await machine.ended;
  assert.deepEqual([world.isAborted, world.output, world.runs], [true, 'a', 1]);
});

test('what a run throws is not swallowed', async () => {
  const machine = startRunner({
    run: () => Promise.reject(new Error('a bug')),
    look: () => Promise.resolve(false),
    clock: new SimulatedClock('held'),
    abort: () => {},
  });
  await assert.rejects(machine.ended, /a bug/);
});
