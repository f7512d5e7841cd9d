import type { Clock } from '../core/clock.ts';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import type { ProgramSource, VariableSource } from './partition.ts';
import type { RunProgram, SourceFailure } from './run-program.ts';

/** What a build may use besides files. Tests hand in their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Programs may be run: no --no-exec. */
  readonly exec: boolean;
  /** The real one if absent. */
  readonly runProgram?: RunProgram;
  readonly askPassword?: AskPassword;
  /** Ends a program that is running. Called only when one is. */
  readonly interruption?: (() => AbortSignal) | undefined;
  readonly clock?: Clock | undefined;
}

/** Asks the person at the terminal, without echo; undefined where nobody is there, or nothing was typed. */
export type AskPassword = (question: string) => Promise<string | undefined>;

/** Content from outside of the file system. */
export interface Content {
  readonly bytes: Uint8Array;
  /** What was changed in it. */
  readonly normalized?: readonly string[];
}

/** The sources and passwords that are not files, for one build: each program runs once, each password is asked once. */
export interface ContentProvider {
  read(source: ProgramSource | VariableSource): Promise<Result<Content, Diagnostic>>;
  /** The password in a variable, or as typed for the file `name`. */
  password(variable: string, name: string): Promise<string | undefined>;
}

export function contentProviderOf(surroundings: Surroundings): ContentProvider {
  const { env, askPassword } = surroundings;
  const runs = new Map<string, ReturnType<RunProgram>>();
  const passwords = new Map<string, Promise<string | undefined>>();
  return {
    read: async (source) => ('env' in source ? variable(source, env) : program(source, surroundings, runs)),
    password(name, file) {
      const known = env[name] || passwords.get(name);
      if (known) return Promise.resolve(known);
      const asked = askPassword?.(`Password of ${file}: `) ?? Promise.resolve(undefined);
      passwords.set(name, asked);
      return asked;
    },
  };
}

/** What messages and reports call a source. The arguments of a program may be secrets. */
export const nameOfSource = (source: ProgramSource | VariableSource): string =>
  'env' in source ? `env: ${source.env}` : `exec: ${source.exec[0] ?? ''}`;

const placed = (place: Place | undefined) => (place ? { place } : {});

async function program(
  source: ProgramSource,
  { env, exec, runProgram, interruption, clock }: Surroundings,
  runs: Map<string, ReturnType<RunProgram>>,
): Promise<Result<Content, Diagnostic>> {
  const { folder, timeout, place } = source;
  const name = printable(source.exec[0] ?? '');
  if (!exec) {
    const hint = 'build without --no-exec where the config is trusted';
    return fail(diagnostic('exec-refused', `${name} is not run, because of --no-exec`, { ...placed(place), hint }));
  }
  const id = JSON.stringify([folder, source.exec]);
  const run = runProgram ?? (await import('./run-program.ts')).runProgram;
  const running =
    runs.get(id) ??
    run({
      argv: source.exec,
      folder,
      timeout,
      env,
      signal: interruption?.(),
      clock,
    });
  runs.set(id, running);
  const result = await running;
  return result.ok ? ok({ bytes: result.value }) : fail(whyNoContent(name, result.error, place));
}

function whyNoContent(name: string, failure: SourceFailure, place: Place | undefined): Diagnostic {
  const { reason, complaint, hint, isInterrupted } = failure;
  if (isInterrupted) return diagnostic('interrupted', `it was interrupted while ${name} ran`, placed(place));
  const details = { ...placed(place), hint };
  if (complaint === undefined) return diagnostic('source-program', `${name} ${reason}`, details);
  const lines = complaint.split('\n');
  return diagnostic('source-program', `${name} ${reason}; it says:`, { ...details, lines });
}

function variable({ env: name, place }: VariableSource, env: Surroundings['env']): Result<Content, Diagnostic> {
  const value = env[name];
  const wrong = (what: string, hint: string) =>
    fail(
      diagnostic('source-missing', `the environment variable ${printable(name)} ${what}`, { ...placed(place), hint }),
    );
  if (value === undefined) return wrong('is not set', `set ${printable(name)} to the content, such as a PEM`);
  if (value.trim() === '') return wrong('is empty', 'CI systems give an empty value where a secret is not defined');
  // Many CI systems keep a value in one line: the PEM has \n, or \r\n, written out between its lines.
  const isFlat = value.includes('-----BEGIN ') && !/[\r\n]/.test(value) && value.includes('\\n');
  if (!isFlat) return ok({ bytes: Buffer.from(value) });
  const lines = value.replaceAll('\\r\\n', '\n').replaceAll('\\n', '\n');
  return ok({ bytes: Buffer.from(lines), normalized: ['\\n between its lines became line ends'] });
}
