import { type Process, run } from '../../src/run.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs at-pki in this process, as a pipe would see it (no terminal, no colours). */
export const atPki = (cwd: string, ...argv: string[]): Promise<Ran> => atPkiIn({ cwd }, ...argv);

/** The same with another environment, a terminal or a clock. */
export async function atPkiIn(
  {
    cwd,
    env = {},
    terminal = {},
    now,
  }: Pick<Process, 'cwd' | 'now'> & { env?: Process['env']; terminal?: { isTTY?: boolean; columns?: number } },
  ...argv: string[]
): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const code = await run({
    argv,
    cwd,
    env,
    stdout: { ...terminal, write: (text) => (stdout += text) },
    stderr: { ...terminal, write: (text) => (stderr += text) },
    ...(now && { now }),
  });
  return { code, stdout, stderr };
}
