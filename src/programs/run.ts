import { type Cancel, type Clock, realClock } from '../core/clock.ts';
import type { TakeOutput } from './output.ts';
import { ProcessGroup } from './process-group.ts';

/** A program and its arguments, or a line that a shell reads, where the user asked for one. */
export type Program = { readonly exec: readonly string[] } | { readonly shell: string };

export interface ProgramCall {
  readonly program: Program;
  /** The absolute folder that it is run in. Default: that of the process. */
  readonly folder?: string | undefined;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receiver of both outputs: nothing, stderr of this process, or a function. */
  readonly output: 'ignore' | 2 | TakeOutput;
  /** Seconds. Default: as long as it takes. */
  readonly timeout?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The signal that asks it to end. Default: SIGTERM. */
  readonly request?: 'SIGTERM' | 'SIGINT';
  /** Milliseconds from that request to SIGKILL. Default: 500. */
  readonly patience?: number;
  /** Default: that of the machine. */
  readonly clock?: Clock | undefined;
}

/** How a program ended. */
export interface ProgramEnd {
  /** Why it was ended from here: by the signal of the call, its timeout, or too much output. */
  readonly cause?: 'interruption' | 'timeout' | 'output';
  readonly exitCode?: number | undefined;
  /** The signal that ended it. */
  readonly signal?: string | undefined;
  /** Why it did not start: the system's name for it, or `NUL`. */
  readonly code?: string | undefined;
}

/** Milliseconds, some 24 days: a timer of Node that is set to more ends at once. */
const longestTimeout = 2 ** 31 - 1;

/**
 * Runs a program to its end, with nothing on stdin. This is the only place that starts one: each leads a process group,
 * which ends whole when the call is interrupted, takes too long or prints too much, and when this process exits.
 */
export async function runToEnd(call: ProgramCall): Promise<ProgramEnd> {
  const { program, folder, env, output, timeout, signal } = call;
  const { request = 'SIGTERM', patience = 500, clock = realClock } = call;
  if (holdsNul(call)) return { code: 'NUL' };
  const { execa } = await import('execa');
  if (signal.aborted) return { cause: 'interruption' };
  const [file = '', args] = 'shell' in program ? [program.shell, []] : [program.exec[0], program.exec.slice(1)];
  const to = typeof output === 'function' ? 'pipe' : output;
  const running = execa(file, args, {
    cwd: folder,
    env: { ...env },
    extendEnv: false,
    shell: 'shell' in program,
    stdin: 'ignore',
    stdout: to,
    stderr: to,
    encoding: 'buffer',
    buffer: false,
    reject: false,
    cleanup: false,
    detached: process.platform !== 'win32',
  });
  const group = new ProcessGroup(running, { request, patience, clock });
  let cause: ProgramEnd['cause'];
  const end = (why: ProgramEnd['cause']): void => {
    cause ??= why;
    group.end();
  };
  // A child that it leaves behind may hold its output open: what it has printed itself is there soon after its end.
  let closing: Cancel = () => {};
  let hasExited = false;
  const closeSoon = (): void => {
    closing();
    closing = clock.timeout(patience, () => {
      running.stdout?.destroy();
      running.stderr?.destroy();
    });
  };
  running.once('exit', () => {
    hasExited = true;
    closeSoon();
  });
  if (typeof output === 'function') {
    for (const name of ['stdout', 'stderr'] as const) {
      running[name]?.on('data', (piece: Uint8Array) => {
        if (hasExited) closeSoon();
        if (output(piece, name)) return;
        // Else it goes on to fill memory while it is asked to end.
        running[name]?.destroy();
        end('output');
      });
    }
  }
  const interrupt = (): void => end('interruption');
  signal.addEventListener('abort', interrupt, { once: true });
  const callOff =
    timeout === undefined ? () => {} : clock.timeout(Math.min(timeout * 1000, longestTimeout), () => end('timeout'));
  const result = await Promise.race([running, group.abandoned]);
  callOff();
  closing();
  await group.close();
  signal.removeEventListener('abort', interrupt);
  if (signal.aborted) cause = 'interruption';
  return { cause, exitCode: result?.exitCode, signal: result?.signal, code: result?.code };
}

/** The system ends a text at a NUL: a program would get the beginning of what was meant. */
function holdsNul({ program, folder = '', env }: ProgramCall): boolean {
  const words = 'shell' in program ? [program.shell] : program.exec;
  return [...words, folder, ...Object.entries(env).flat()].some((word) => word?.includes('\0'));
}
