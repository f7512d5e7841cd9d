import { stripVTControlCharacters } from 'node:util';
import { maskSecrets } from '../core/mask.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { count, printable } from '../core/text.ts';

export interface ProgramCall {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** The absolute folder that it is run in. */
  readonly folder: string;
  /** Seconds. */
  readonly timeout: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Why a program gave no content: a clause that its name goes before. Never with anything of its output. */
export interface ProgramFailure {
  readonly reason: string;
  /** The end of what it wrote to stderr, masked. */
  readonly complaint?: string;
  readonly hint?: string;
}

/** Runs a program and gives what it prints on stdout. */
export type RunProgram = (call: ProgramCall) => Promise<Result<Uint8Array, ProgramFailure>>;

/** Bytes: more than the largest flash of these chips. */
const largestOutput = 64 * 1024 * 1024;
/** Milliseconds between asking a program to end and killing it. */
const patience = 500;

/** Without a shell, and with nothing on stdin: a program that asks there finds its end. */
export const runProgram: RunProgram = async ({ argv, folder, timeout, env, signal }) => {
  const [program = '', ...args] = argv;
  const { execa } = await import('execa');
  const running = execa(program, args, {
    cwd: folder,
    env: { ...env },
    extendEnv: false,
    stdin: 'ignore',
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    timeout: timeout * 1000,
    forceKillAfterDelay: patience,
    maxBuffer: largestOutput,
    ...(signal && { cancelSignal: signal }),
  });
  // A process that the program left behind may hold its output open beyond its own end.
  const release = setTimeout(
    () => {
      running.stdout.destroy();
      running.stderr.destroy();
    },
    timeout * 1000 + patience,
  );
  const result = await running;
  const { timedOut, isMaxBuffer, stdout, stderr } = result;
  clearTimeout(release);
  const because = (reason: string, hint?: string) => {
    const complaint = endOf(stderr, stdout);
    return fail({ reason, ...(complaint !== '' && { complaint }), ...(hint && { hint }) });
  };
  if (timedOut) return because(`took longer than ${count(timeout, 'second')}`, 'give it more time with "timeout"');
  if (isMaxBuffer) return because('prints more than any flash holds');
  const failure = failureOf(result);
  if (failure) return because(failure.reason, failure.hint);
  if (stdout.every(isSpace)) return because('succeeded and printed nothing');
  return ok(stdout);
};

/** How a program ended. */
export interface Ending {
  readonly failed: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The system's name for what kept it from starting. */
  readonly code?: string | undefined;
}

/** Why a program did not do its work, as a clause that its name goes before; undefined where it did. */
export function failureOf({ failed, exitCode, signal, code }: Ending): ProgramFailure | undefined {
  if (code === 'ENOENT') return { reason: 'was not found', hint: 'is it installed, and in a folder of PATH?' };
  if (code === 'EACCES') return { reason: 'may not be run: permission denied', hint: 'is it a program (chmod +x)?' };
  if (exitCode === undefined && signal === undefined) {
    return { reason: `cannot be started (${code ?? 'unknown error'})` };
  }
  if (signal !== undefined) return { reason: `was ended by ${signal}` };
  return failed || exitCode !== 0 ? { reason: `failed with exit code ${exitCode}` } : undefined;
}

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 9 && byte <= 13);

const mostLines = 6;
const widestLine = 160;

/** The last lines of a program's complaint. It may have told its content there, too. */
function endOf(stderr: Uint8Array | undefined, stdout: Uint8Array | undefined): string {
  const text = stripVTControlCharacters(textOf(stderr));
  const lines = maskSecrets(text, [textOf(stdout)])
    .split(/[\r\n]+/)
    .map((line) => printable(line.trim()))
    .filter((line) => line !== '');
  return lines
    .slice(-mostLines)
    .map((line) => (line.length > widestLine ? `${line.slice(0, widestLine)}…` : line))
    .join('\n');
}

const longestText = 1024 * 1024;
const textOf = (bytes: Uint8Array = new Uint8Array()): string =>
  Buffer.from(bytes.subarray(-longestText)).toString('utf8');
