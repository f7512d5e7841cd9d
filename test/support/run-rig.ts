import { type Process, run } from '../../src/run.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs at-pki in this process, as a pipe would see it (no terminal, no colours). */
export const atPki = (cwd: string, ...argv: string[]): Promise<Ran> => atPkiIn({ cwd }, ...argv);

/** The same with another environment, a terminal or a clock, or a `signal` that aborts as Ctrl-C does. */
export async function atPkiIn(
  {
    cwd,
    env = {},
    terminal = {},
    now,
    signal,
    stamps,
    heard = () => {},
  }: Pick<Process, 'cwd' | 'now' | 'stamps'> & {
    env?: Process['env'];
    terminal?: { isTTY?: boolean; columns?: number };
    signal?: AbortSignal;
    /** Told whenever something is written, with all of it so far: for commands that go on. */
    heard?: (said: { readonly stdout: string; readonly stderr: string }) => void;
  },
  ...argv: string[]
): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const code = await run({
    argv,
    cwd,
    env,
    stamps,
    stdout: {
      ...terminal,
      write: (text) => {
        stdout += text;
        heard({ stdout, stderr });
      },
    },
    stderr: {
      ...terminal,
      write: (text) => {
        stderr += text;
        heard({ stdout, stderr });
      },
    },
    ...(now && { now }),
    ...(signal && { interruption: () => signal }),
  });
  return { code, stdout, stderr };
}
