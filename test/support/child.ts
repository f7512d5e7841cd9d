import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Cleanup } from './scratch.ts';

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  readonly pid: number;
  /** Output so far. */
  readonly said: { readonly stdout: string; readonly stderr: string };
  /** Resolves when it has ended and its output is complete. */
  readonly ended: Promise<Ended>;
  /** Sends a signal to the process alone, as `kill` does. */
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program with pipes and a group of its own. It is ended, with that group, when the test is over. */
export function start(t: Cleanup, program: string, argv: readonly string[], surroundings: Surroundings = {}): Child {
  const { NODE_TEST_CONTEXT: _, ...env } = surroundings.env ?? process.env;
  const child = spawn(program, argv, { ...surroundings, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const { pid = 0 } = child;
  t.after(() => endGroup(pid));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (piece) => (said[name] += piece));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  return { pid, said, ended, kill: (signal) => void child.kill(signal) };
}

function endGroup(pid: number): void {
  try {
    if (pid > 0) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Gone.
  }
}

/** Ends a process that a program under test leaves behind, with its group, when the test is over. */
export function endLater(t: Cleanup, pid: number): void {
  t.after(() => endGroup(pid));
}
