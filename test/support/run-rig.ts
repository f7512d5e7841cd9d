import { Readable } from 'node:stream';
import { run } from '../../src/run.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs at-pki in this process, as a pipe would see it (no terminal, no colours). */
export async function atPki(cwd: string, ...argv: string[]): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const code = await run({
    argv,
    cwd,
    env: {},
    stdin: Readable.from([]),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}
