import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Drive, drive } from '../../src/watch/drive.ts';

/** A world of one input and one output, whose time is turned by hand. `during` happens in the middle of each run. */
function worldOf(during: (world: { input: string }, machine: () => Drive) => void = () => {}) {
  const world = { input: 'a', output: '', runs: 0, looks: 0, isAborted: false, clock: 0 };
  let seen = '';
  let pending: { at: number; done: () => void } | undefined;
  const machine: Drive = drive({
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
    clock: {
      timeout(milliseconds, done) {
        const timer = { at: world.clock + milliseconds, done };
        pending = timer;
        return () => {
          if (pending === timer) pending = undefined;
        };
      },
      now: () => world.clock,
    },
    abort: () => {
      world.isAborted = true;
    },
  });
  return {
    world,
    machine,
    /** Lets time pass, millisecond by millisecond, with what it brings. */
    async pass(milliseconds: number) {
      for (const end = world.clock + milliseconds; world.clock < end; world.clock++) {
        await new Promise((resolve) => setImmediate(resolve));
        if (pending !== undefined && pending.at <= world.clock) {
          const { done } = pending;
          pending = undefined;
          done();
        }
      }
    },
  };
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
      if (isNoticed) setImmediate(() => machine().touched());
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
  assert.ok(world.runs >= 3 && world.runs <= 5, `${world.runs} runs in 3 s`);
});

test('stopped in the middle of a run, it hastens that and ends with it', async () => {
  const { world, machine } = worldOf();
  machine.stop();
  await machine.ended;
  assert.deepEqual([world.isAborted, world.output, world.runs], [true, 'a', 1]);
});

test('what a run throws is not swallowed', async () => {
  const machine = drive({
    run: () => Promise.reject(new Error('a bug')),
    look: () => Promise.resolve(false),
    clock: { timeout: () => () => {}, now: () => 0 },
    abort: () => {},
  });
  await assert.rejects(machine.ended, /a bug/);
});
