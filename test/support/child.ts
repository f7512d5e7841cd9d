import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Cleanup } from './scratch.ts';

/*
 * The only place in the tests that starts a process. Each leads a group of its own and has pipes of its own. A child
 * that inherits the stderr of its test keeps the reader of that stderr waiting for as long as it lives: a single one
 * that outlives its test hangs the whole run.
 */

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
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Output so far. */
  readonly said: { readonly stdout: string; readonly stderr: string };
  /** Resolves when it has ended and its output is complete. */
  readonly ended: Promise<Ended>;
  /** Sends a signal to the process alone, as `kill` does. */
  kill(signal: NodeJS.Signals): void;
}

const hasGroups = process.platform !== 'win32';
/** Long enough for any program on any machine; without it a program that hangs would block the test process. */
const patience = 100_000;
const endings = new Set<() => void>();
const endingsOf = new WeakMap<Cleanup, (() => void)[]>();

/** Starts a program. It is ended, with all of its group, when the test is over: passed, failed or timed out. */
export function start(t: Cleanup, program: string, argv: readonly string[], surroundings: Surroundings = {}): Child {
  const child = spawn(program, argv, { ...optionsOf(surroundings), stdio: ['pipe', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid !== undefined) {
    note(t, () => killGroup(pid));
    child.once('exit', () => killGroup(pid));
  }
  child.stdin.on('error', () => {});
  const said = { stdout: collect(child.stdout), stderr: collect(child.stderr) };
  const ended = over(child, said);
  // A test may not care for its end.
  ended.catch(() => {});
  return {
    pid: pid ?? 0,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    said: {
      get stdout() {
        return said.stdout.text;
      },
      get stderr() {
        return said.stderr.text;
      },
    },
    ended,
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs a program to its end. Its group ends with it. */
export function ran(
  program: string,
  argv: readonly string[],
  { input = '', ...surroundings }: Surroundings & { readonly input?: string | Uint8Array } = {},
): Ended {
  const { pid, status, signal, stdout, stderr, error } = spawnSync(program, argv, {
    ...optionsOf(surroundings),
    ...{ input, encoding: 'utf8', stdio: 'pipe', maxBuffer: 256 << 20, timeout: patience, killSignal: 'SIGKILL' },
  });
  if (pid > 0) killGroup(pid);
  if (error) throw new Error(`${program} could not be run: ${error.message}`, { cause: error });
  return { code: status, signal, stdout, stderr };
}

/** Output of a program that has to succeed. */
export function outputOf(program: string, argv: readonly string[], surroundings: Surroundings = {}): string {
  const { code, signal, stdout, stderr } = ran(program, argv, surroundings);
  if (code !== 0) throw new Error(`${program} ${argv.join(' ')} ended with ${code ?? signal}\n${stderr}${stdout}`);
  return stdout;
}

/** True if the program can be run here and succeeds with these arguments. */
export function isInstalled(program: string, ...argv: string[]): boolean {
  try {
    return ran(program, argv).code === 0;
  } catch {
    return false;
  }
}

/** Ends a process that a program under test leaves behind, with its group, when the test is over. */
export function endLater(t: Cleanup, pid: number): void {
  note(t, () => {
    kill(pid);
    kill(-pid);
  });
}

/** Ends what a test has started, at once: before its folders are removed. */
export function endChildren(t: Cleanup): void {
  for (const end of endingsOf.get(t) ?? []) {
    end();
    endings.delete(end);
  }
  endingsOf.delete(t);
}

function note(t: Cleanup, end: () => void): void {
  endAllOnExit();
  endings.add(end);
  const own = endingsOf.get(t);
  if (own) return void own.push(end);
  endingsOf.set(t, [end]);
  // The signal aborts even where another `after` hook throws, which keeps those that follow it from running.
  t.signal?.addEventListener('abort', () => endChildren(t), { once: true });
  t.after(() => endChildren(t));
}

function optionsOf({ cwd, env = process.env }: Surroundings) {
  // A runner of tests that finds this variable takes itself for a part of this run.
  const { NODE_TEST_CONTEXT: _, ...own } = env;
  // A build with nothing to do believes its stamp: tests that are not about that do without.
  return { cwd, env: { XDG_CACHE_HOME: '/dev/null', ...own }, detached: hasGroups };
}

function collect(stream: Readable): { text: string } {
  const decoder = new StringDecoder('utf8');
  const collected = { text: '' };
  stream.on('data', (bytes: Buffer) => {
    collected.text += decoder.write(bytes);
  });
  return collected;
}

async function over(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  said: { stdout: { text: string }; stderr: { text: string } },
): Promise<Ended> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout: said.stdout.text, stderr: said.stderr.text };
}

/** Ends a child, and what it has started: also after it has ended itself. */
const killGroup = (pid: number): void => kill(hasGroups ? -pid : pid);

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // Gone.
  }
}

let isListening = false;

function endAllOnExit(): void {
  if (isListening) return;
  isListening = true;
  const endAll = (): void => {
    for (const end of endings) end();
  };
  process.on('exit', endAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      endAll();
      process.kill(process.pid, signal);
    });
  }
}
