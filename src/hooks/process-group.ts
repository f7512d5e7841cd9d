import { execFileSync } from 'node:child_process';
import type { Readable } from 'node:stream';

/** The part of a child process that is used. */
export interface Child {
  readonly pid?: number | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

/** Milliseconds between asking a hook to end and killing it. */
const patience = 500;

/**
 * Ends a child with all that it started, when the signal aborts, and when this process ends: on POSIX it leads a group
 * of its own, and Ctrl-C reaches only this one. The result calls that off.
 */
export function endWithGroup(child: Child, signal: AbortSignal | undefined, clean: () => void): () => void {
  const { pid } = child;
  if (pid === undefined) return () => {};
  let killing: NodeJS.Timeout | undefined;
  const end = (): void => {
    kill(pid, 'SIGTERM');
    killing = setTimeout(() => {
      kill(pid, 'SIGKILL');
      // Whatever left the group may hold these open.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, patience);
  };
  const exit = (): void => {
    kill(pid, 'SIGKILL');
    clean();
  };
  process.on('exit', exit);
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  return () => {
    clearTimeout(killing);
    process.off('exit', exit);
    signal?.removeEventListener('abort', end);
  };
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (process.platform !== 'win32') process.kill(-pid, signal);
    else execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
  } catch {
    // It ended by itself.
  }
}
