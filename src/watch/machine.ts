import { unreachable } from '../core/result.ts';

/*
 *                        ┌─┐ touched
 *   ┌──────┐ touched   ┌─▼─┴────┐  quiet   ┌─────────┐  changed   ┌─────────┐
 *   │ idle ├──────────▶│ queued ├─────────▶│ looking ├───────────▶│ running │◀── start
 *   └──▲───┘           └───▲────┘          └─┬─▲──┬──┘            └────┬────┘
 *      │                   │                 │ │  │ same, the          │
 *      │       same        │                 │ │  │ first time         │ ran
 *      └───────────────────┼─────────────────┘ │  │                    │
 *                          │ touched     quiet │  │                    │
 *                          │              ┌────┴──▼──┐                 │
 *                          └──────────────┤ settling │◀────────────────┘
 *                                         └──────────┘
 *
 * A run is a whole build. Looking compares what it saw with what is there: twice after each run, since files change
 * during a run, and since notices of a write that follows another within some 50 ms get lost in every watcher.
 *
 * `stop` ends it from everywhere: at once where nothing is in hand, else by way of `stopping`, when that is done.
 */
export type State =
  | { readonly name: 'idle' | 'running' | 'stopping' | 'ended' }
  /** `since`: when the first of these notices came, in milliseconds. */
  | { readonly name: 'queued'; readonly since: number }
  /** `first`: since the run. */
  | { readonly name: 'settling'; readonly first: boolean }
  /** `stale`: something was touched meanwhile. */
  | { readonly name: 'looking'; readonly first: boolean; readonly stale: boolean };

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
  /** From the first look after a run to the second. */
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
      return event.name === 'touched' ? queued(event.at, event.at) : stay;
    case 'queued':
      if (event.name === 'touched') return queued(state.since, event.at);
      return event.name === 'quiet' ? looking(false) : stay;
    case 'looking':
      if (event.name === 'touched') return { state: { ...state, stale: true }, actions: [] };
      if (event.name === 'changed') return running;
      if (event.name !== 'same') return stay;
      return state.first || state.stale ? settling(state.stale) : { state: { name: 'idle' }, actions: [] };
    case 'running':
      return event.name === 'ran' ? settling(true) : stay;
    case 'settling':
      if (event.name === 'touched') return queued(event.at, event.at);
      return event.name === 'quiet' ? looking(state.first) : stay;
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

const looking = (first: boolean): Step => ({
  state: { name: 'looking', first, stale: false },
  actions: [{ name: 'look' }],
});

const settling = (first: boolean): Step => ({
  state: { name: 'settling', first },
  actions: [{ name: 'wait', milliseconds: first ? times.quiet : times.settle }],
});

function queued(since: number, now: number): Step {
  const milliseconds = Math.max(0, Math.min(times.quiet, since + times.longest - now));
  return { state: { name: 'queued', since }, actions: [{ name: 'wait', milliseconds }] };
}

function stopped(state: State): Step {
  switch (state.name) {
    case 'running':
    case 'looking':
      return { state: { name: 'stopping' }, actions: [{ name: 'abort' }] };
    case 'stopping':
    case 'ended':
      return { state, actions: [] };
    default:
      return ended;
  }
}
