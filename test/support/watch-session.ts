import type { Context } from '../../src/commands/command.ts';
import { run } from '../../src/run.ts';
import type { Cleanup } from './scratch.ts';

/** `at-pki watch` as it goes on. */
export interface Session {
  readonly said: { stdout: string; stderr: string };
  /** Presses Ctrl-C and waits for the end. */
  interrupt(): Promise<{ code: number }>;
}

/** `at-pki watch` as people run it, until the test is over. */
export function session(t: Cleanup, cwd: string, argv: string[], context: Partial<Context> = {}): Session {
  const controller = new AbortController();
  t.after(() => controller.abort());
  const said = { stdout: '', stderr: '' };
  const ended = run({
    argv: ['watch', ...argv],
    cwd,
    env: {},
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    now: () => new Date(2026, 0, 1, 12, 4, 31),
    interruption: () => controller.signal,
    ...context,
  });
  return {
    said,
    async interrupt() {
      controller.abort();
      return { code: await ended };
    },
  };
}
