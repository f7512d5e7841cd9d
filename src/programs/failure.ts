import type { ProgramEnd } from './run.ts';

/** Why a program did not do its work. */
export interface ProgramFailure {
  /** A clause that the program's name goes before. Never with anything of its output. */
  readonly reason: string;
  readonly hint?: string;
}

/** Why a program that was not ended from here did not do its work; undefined where it did. */
export function failureOf({ exitCode, signal, code }: ProgramEnd): ProgramFailure | undefined {
  if (code === 'NUL') {
    const hint = 'take it out of its arguments or variables: to a program a text ends there';
    return { reason: 'cannot be started: a text for it holds a NUL character', hint };
  }
  if (exitCode === undefined && signal === undefined) return notStarted(code);
  if (signal !== undefined) return { reason: `was ended by ${signal}` };
  return exitCode !== 0 ? { reason: `failed with exit code ${exitCode}` } : undefined;
}

function notStarted(code: string | undefined): ProgramFailure {
  if (code === 'ENOENT') return { reason: 'was not found', hint: 'is it installed, and in a folder of PATH?' };
  if (code === 'EACCES') return { reason: 'may not be run: permission denied', hint: 'is it a program (chmod +x)?' };
  if (code === 'ERR_INVALID_ARG_VALUE') return { reason: 'cannot be started: the name of the program is empty' };
  if (code === 'E2BIG')
    return { reason: 'cannot be started: its arguments are too long', hint: 'hand them over in a file' };
  return { reason: `cannot be started (${code ?? 'unknown error'})` };
}
