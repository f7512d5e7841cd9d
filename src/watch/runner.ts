import type { Cancel, Clock } from '../core/clock.ts';
import { unreachable } from '../core/result.ts';
import { type Action, type Event, next, type State, started } from './machine.ts';

/** What the actions of the machine do. A test hands in its own. */
export interface Effects {
  /** A whole build. */
  run(): Promise<void>;
  /** Whether anything is not as the last run saw it. */
  look(): Promise<boolean>;
  readonly clock: Pick<Clock, 'now' | 'timeout'>;
  /** Hastens what is in hand to its end. */
  abort(): void;
}

export interface Runner {
  /** Something happened to what is watched. */
  touched(): void;
  stop(): void;
  /** Resolves when it was stopped and nothing is in hand any more; rejects with what a run or a look throws. */
  readonly ended: Promise<void>;
}

/** Runs the machine: events in, actions out. The first run starts at once. */
export function startRunner(effects: Effects): Runner {
  let state: State = started.state;
  let callOff: Cancel = () => {};
  let settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });

  const on = (event: Event): void => {
    const step = next(state, event);
    state = step.state;
    for (const action of step.actions) act(action);
  };
  const inHand = (work: Promise<Event['name'] & ('ran' | 'same' | 'changed')>): void => {
    work.then(
      (name) => on({ name }),
      (error) => settle?.reject(error),
    );
  };
  const act = (action: Action): void => {
    callOff();
    switch (action.name) {
      case 'wait':
        callOff = effects.clock.timeout(action.milliseconds, () => on({ name: 'quiet' }));
        return;
      case 'run':
        inHand(effects.run().then(() => 'ran'));
        return;
      case 'look':
        inHand(effects.look().then((isChanged) => (isChanged ? 'changed' : 'same')));
        return;
      case 'abort':
        effects.abort();
        return;
      case 'end':
        settle?.resolve();
        return;
      default:
        unreachable(action);
    }
  };
  for (const action of started.actions) act(action);
  return {
    touched: () => on({ name: 'touched', at: effects.clock.now() }),
    stop: () => on({ name: 'stop' }),
    ended,
  };
}
