import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endLater } from './child.ts';
import { isAlive } from './process.ts';
import { type Cleanup, scratch } from './scratch.ts';
import { until } from './until.ts';

/** How the child of a program resists its end. */
export interface Resistance {
  /** It takes no notice of SIGTERM. */
  readonly deaf?: boolean;
  /** It holds none of the program's outputs, so that nothing waits for it. */
  readonly silent?: boolean;
  /** It leads a group of its own. */
  readonly away?: boolean;
}

export interface Offspring {
  /** A program that starts a child and waits for ever. */
  readonly program: readonly [string, ...string[]];
  /** Resolves to the two processes, once both run. */
  pids(): Promise<readonly number[]>;
  /** Resolves when both have ended. */
  gone(): Promise<void>;
}

const forever = 'setInterval(() => {}, 1000)';

/** A program with a child, as a source or a hook may be. Both are ended with the test, whatever the test shows. */
export function offspring(t: Cleanup, { deaf, silent, away }: Resistance = {}): Offspring {
  const file = join(scratch(t), 'pids');
  const ready = `require('node:fs').writeFileSync(process.argv[1], process.ppid + ' ' + process.pid)`;
  const child = `${deaf ? `process.on('SIGTERM', () => {});` : ''} ${forever}; ${ready}`;
  const options = JSON.stringify({ stdio: silent ? 'ignore' : 'inherit', detached: away === true });
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}, process.argv[1]], ${options}); ${forever}`;
  const started = () => (existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number) : []);
  return {
    program: [process.execPath, '-e', parent, file],
    async pids() {
      await until(() => started().length === 2, 'the program and its child run');
      const pids = started();
      for (const pid of pids) endLater(t, pid);
      return pids;
    },
    async gone() {
      await until(() => !started().some(isAlive), 'the program and its child have ended');
    },
  };
}
