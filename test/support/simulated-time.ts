import type { Cleanup } from './scratch.ts';
import { SimulatedClock } from './simulated-clock.ts';

let current: { readonly clock: SimulatedClock; readonly restore: () => void; users: number } | undefined;

/**
 * A clock that goes on by itself, until the test is over. Meanwhile the timers and times of packages are its, too:
 * esptool-js and chokidar take theirs from the globals. Those of Node itself, node:test among them, and of `realClock`
 * are imported and so stay real. There is one such time in a process: what asks for it meanwhile shares it.
 */
export function simulatedTime(t: Cleanup): SimulatedClock {
  current ??= begin();
  const time = current;
  time.users++;
  t.after(() => {
    if (--time.users > 0) return;
    current = undefined;
    time.restore();
    time.clock.stop();
  });
  return time.clock;
}

function begin(): NonNullable<typeof current> {
  const clock = new SimulatedClock();
  return { clock, restore: replaceGlobals(clock), users: 0 };
}

/** Some moment, so that times of day look like such. */
const epoch = Date.UTC(2026, 0, 1);

/** A timer as Node hands them out. */
class Timer {
  readonly callOff: () => void;

  constructor(callOff: () => void) {
    this.callOff = callOff;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

function replaceGlobals(clock: SimulatedClock): () => void {
  type Callback = (...values: unknown[]) => void;
  const clear =
    (real: (timer: never) => void) =>
    (timer: unknown): void =>
      timer instanceof Timer ? timer.callOff() : real(timer as never);
  const { clearTimeout, clearInterval, clearImmediate } = globalThis;
  const restores = [
    replace(globalThis, 'setTimeout', (callback: Callback, milliseconds = 0, ...values: unknown[]) => {
      return new Timer(clock.timeout(Math.max(1, milliseconds), () => callback(...values)));
    }),
    replace(globalThis, 'setInterval', (callback: Callback, milliseconds = 0, ...values: unknown[]) => {
      return new Timer(clock.interval(milliseconds, () => callback(...values)));
    }),
    replace(globalThis, 'setImmediate', (callback: Callback, ...values: unknown[]) => {
      return new Timer(clock.timeout(0, () => callback(...values)));
    }),
    replace(globalThis, 'clearTimeout', clear(clearTimeout)),
    replace(globalThis, 'clearInterval', clear(clearInterval)),
    replace(globalThis, 'clearImmediate', clear(clearImmediate)),
    replace(Date, 'now', () => epoch + Math.floor(clock.now())),
    replace(performance, 'now', () => clock.now()),
  ];
  return () => {
    for (const restore of restores) restore();
  };
}

/** Puts something in the place of a property, as it is found by a package; gives what puts it back. */
function replace(holder: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, name);
  Object.defineProperty(holder, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(holder, name, before);
    else Reflect.deleteProperty(holder, name);
  };
}
