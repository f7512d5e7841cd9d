import { unreachable } from '../core/result.ts';

/*
 *                      touched
 *           ┌──────┐    (wait anew)
 *   touched │    ┌─▼─────────┐ quiet  ┌───────────┐ changed  ┌───────────┐
 *   ┌───────┼───▶│  queued   ├───────▶│  looking  ├─────────▶│  running  │◀── start
 *   │       └────┤           │◀───────┤           │◀─────────┤           │
 *   │            └─▲─▲───────┘ touched└─┬───────▲─┘   ran    └─────┬─────┘
 * ┌─┴────┐         │ │                  │ same  │                  │ touched
 * │ idle │◀────────┼─┼──────────────────┤(again)│ quiet      ┌─────▼─────────┐
 * └──────┘         │ │            same  ▼       │      ran   │ running-stale │
 *                  │ │ touched ┌──────────┐     │   ┌────────┤               │
 *                  │ └─────────┤ settling ├─────┘   │        └───────────────┘
 *                  └───────────┴──────────┴─────────┘
 *
 * A run is a whole build. What it saw is compared with what is there right after it, and once more a moment later:
 * notices of a write that follows another within some 50 ms get lost in every watcher.
 *
 * `stop` ends it from everywhere: at once where nothing is in hand, else from `stopping`, when that is done.
 */
export type State =
  | { readonly name: 'idle' | 'running' | 'running-stale' | 'settling' | 'stopping' | 'ended' }
  /** `since`: when the first of these notices came, in milliseconds. */
  | { readonly name: 'queued'; readonly since: number }
  /** `again`: the second time after a run or a notice. `stale`: something was touched meanwhile. */
  | { readonly name: 'looking'; readonly again: boolean; readonly stale: boolean };

/** `at`: milliseconds on any clock. */
export type Event =
  | { readonly name: 'touched'; readonly at: number }
  | { readonly name: 'quiet' | 'same' | 'changed' | 'ran' | 'stop' };

/** What the driver is to do: `wait` starts the timer anew, which ends in `quiet`. */
export type Action =
  | { readonly name: 'wait'; readonly milliseconds: number }
  | { readonly name: 'look' | 'run' | 'abort' | 'end' };

export interface Step {
  readonly state: State;
  readonly actions: readonly Action[];
}

export const times = {
  /** Without a notice for so long, a group of writes is over: an editor writes one file in several steps. */
  quiet: 100,
  /** But no group is waited for longer. */
  longest: 1000,
  /** From a run to the second look. */
  settle: 250,
};

/** How it starts: with a run. */
export const started: Step = { state: { name: 'running' }, actions: [{ name: 'run' }] };

/** The whole of it: what follows an event. Events that mean nothing in a state change nothing. */
export function next(state: State, event: Event): Step {
  const stay: Step = { state, actions: [] };
  if (event.name === 'stop') return stopped(state);
  switch (state.name) {
    case 'idle':
    case 'settling':
      if (event.name === 'touched') return queued(event.at, event.at);
      return event.name === 'quiet' && state.name === 'settling' ? looking(true) : stay;
    case 'queued':
      if (event.name === 'touched') return queued(state.since, event.at);
      return event.name === 'quiet' ? looking(true) : stay;
    case 'looking':
      if (event.name === 'touched') return { state: { ...state, stale: true }, actions: [] };
      if (event.name === 'changed') return running;
      if (event.name !== 'same') return stay;
      if (state.stale) return pause('settling', times.quiet);
      return state.again ? { state: { name: 'idle' }, actions: [] } : pause('settling', times.settle);
    case 'running':
      if (event.name === 'touched') return { state: { name: 'running-stale' }, actions: [] };
      return event.name === 'ran' ? looking(false) : stay;
    case 'running-stale':
      // What was touched may still be in the middle of being written.
      return event.name === 'ran' ? pause('settling', times.quiet) : stay;
    case 'stopping':
      return event.name === 'ran' || event.name === 'same' || event.name === 'changed' ? ended : stay;
    case 'ended':
      return stay;
    default:
      return unreachable(state);
  }
}

const running: Step = started;
const ended: Step = { state: { name: 'ended' }, actions: [{ name: 'end' }] };

const looking = (again: boolean): Step => ({
  state: { name: 'looking', again, stale: false },
  actions: [{ name: 'look' }],
});

const pause = (name: 'settling', milliseconds: number): Step => ({
  state: { name },
  actions: [{ name: 'wait', milliseconds }],
});

function queued(since: number, now: number): Step {
  const milliseconds = Math.max(0, Math.min(times.quiet, since + times.longest - now));
  return { state: { name: 'queued', since }, actions: [{ name: 'wait', milliseconds }] };
}

function stopped(state: State): Step {
  switch (state.name) {
    case 'running':
    case 'running-stale':
    case 'looking':
      return { state: { name: 'stopping' }, actions: [{ name: 'abort' }] };
    case 'stopping':
    case 'ended':
      return { state, actions: [] };
    default:
      return ended;
  }
}
