import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, next, type State, started, times } from '../../src/watch/machine.ts';

/** `touched@50` is a notice at 50 ms. */
const eventOf = (text: string): Event => {
  const [name = '', at] = text.split('@');
  return name === 'touched' ? { name, at: Number(at ?? 0) } : { name: name as 'ran' };
};

/** The names of the states that events lead through, each with what is to be done: `queued(wait 100)`. */
function walk(...events: string[]): string[] {
  let state: State = started.state;
  return events.map((text) => {
    const step = next(state, eventOf(text));
    state = step.state;
    const actions = step.actions.map((action) =>
      action.name === 'wait' ? `wait ${action.milliseconds}` : action.name,
    );
    return actions.length === 0 ? state.name : `${state.name}(${actions.join(', ')})`;
  });
}

const idle = ['ran', 'quiet', 'same', 'quiet', 'same'];
const quiet = `settling(wait ${times.quiet})`;
const settle = `settling(wait ${times.settle})`;

test('it starts with a run, looks twice after it, and rests', () => {
  assert.deepEqual(started.actions, [{ name: 'run' }]);
  assert.deepEqual(walk(...idle), [quiet, 'looking(look)', settle, 'looking(look)', 'idle']);
});

test('a notice is followed by a look once it is quiet, and by a run only where something changed', () => {
  const after = (...events: string[]) => walk(...idle, ...events).slice(idle.length);
  assert.deepEqual(after('touched', 'quiet', 'same'), ['queued(wait 100)', 'looking(look)', 'idle']);
  assert.deepEqual(after('touched', 'quiet', 'changed'), ['queued(wait 100)', 'looking(look)', 'running(run)']);
});

test('a group of writes is waited for, but not for ever', () => {
  const waits = walk(...idle, 'touched@0', 'touched@90', 'touched@180', 'touched@950', 'touched@2000').slice(
    idle.length,
  );
  assert.deepEqual(
    waits,
    [100, 100, 100, 50, 0].map((wait) => `queued(wait ${wait})`),
  );
});

test('what is touched during a run is looked for after it', () => {
  assert.deepEqual(walk('touched', 'ran', 'quiet', 'changed'), ['running', quiet, 'looking(look)', 'running(run)']);
});

test('what is touched while it looks is looked at again', () => {
  const after = walk(...idle, 'touched', 'quiet', 'touched', 'same', 'quiet', 'same').slice(idle.length);
  assert.deepEqual(after, ['queued(wait 100)', 'looking(look)', 'looking', quiet, 'looking(look)', settle]);
});

test('a change of which no notice came is found after the run', () => {
  assert.deepEqual(walk('ran', 'quiet', 'changed').at(-1), 'running(run)');
  assert.deepEqual(walk('ran', 'quiet', 'same', 'quiet', 'changed').at(-1), 'running(run)');
});

test('stop ends it at once where nothing is in hand, else when that is done', () => {
  for (const events of [idle, [...idle, 'touched'], ['ran']]) {
    assert.deepEqual(walk(...events, 'stop', 'touched', 'quiet', 'stop').slice(events.length), [
      ...['ended(end)', 'ended', 'ended', 'ended'],
    ]);
  }
  assert.deepEqual(walk('stop', 'touched', 'stop', 'ran'), ['stopping(abort)', 'stopping', 'stopping', 'ended(end)']);
  for (const outcome of ['same', 'changed']) {
    assert.deepEqual(walk('ran', 'quiet', 'stop', outcome).slice(1), [
      'looking(look)',
      'stopping(abort)',
      'ended(end)',
    ]);
  }
});

test('from every state every event leads somewhere, and stop always to the end', () => {
  const names = ['touched@5', 'quiet', 'same', 'changed', 'ran', 'stop'];
  const states = new Map<string, State>();
  const visit = (state: State): void => {
    if (states.has(JSON.stringify(state))) return;
    states.set(JSON.stringify(state), state);
    for (const name of names) visit(next(state, eventOf(name)).state);
  };
  visit(started.state);
  assert.deepEqual(
    new Set([...states.values()].map(({ name }) => name)),
    new Set(['running', 'looking', 'settling', 'queued', 'idle', 'stopping', 'ended']),
  );
  for (const state of states.values()) {
    const stopped = next(state, { name: 'stop' }).state;
    const end = ['ran', 'same', 'changed'].map((name) => next(stopped, eventOf(name)).state.name);
    assert.deepEqual(end, ['ended', 'ended', 'ended'], state.name);
  }
});
