import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '../core/clock.ts';
import { maskSecrets } from '../core/mask.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { count, printable } from '../core/text.ts';
import { failureOf, type ProgramFailure } from '../programs/failure.ts';
import { interruptible } from '../programs/interruptible.ts';
import { collect, mostOutputText } from '../programs/output.ts';
import { runToEnd } from '../programs/run.ts';

export interface SourceCall {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** The absolute folder that it is run in. */
  readonly folder: string;
  /** Seconds. */
  readonly timeout: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** Why a program gave no content. */
export interface SourceFailure extends ProgramFailure {
  /** The end of what it wrote to stderr, masked. */
  readonly complaint?: string;
  /** It was ended by the signal of the call. */
  readonly isInterrupted?: true;
}

/** Runs a program and gives what it prints on stdout. */
export type RunProgram = (call: SourceCall) => Promise<Result<Uint8Array, SourceFailure>>;

/** Without a shell, and with nothing on stdin: a program that asks there finds its end. */
export const runProgram: RunProgram = (call) => interruptible(call.signal, (signal) => contentOf(call, signal));

async function contentOf(
  { argv, timeout, ...rest }: SourceCall,
  signal: AbortSignal,
): Promise<Result<Uint8Array, SourceFailure>> {
  const streams = { stdout: collect(), stderr: collect() };
  const end = await runToEnd({
    ...{ ...rest, program: { exec: argv }, timeout, signal },
    output: (piece, stream) => streams[stream].take(piece),
  });
  if (end.cause === 'interruption') return fail({ reason: 'was ended', isInterrupted: true });
  // Nothing of it is quoted: the rest of the content, which would have to be masked there, is not known.
  if (end.cause === 'output')
    return fail({
      reason: `prints more than ${mostOutputText}`,
      hint: 'let it print the content of one file, and nothing else',
    });
  const [stdout, stderr] = [streams.stdout.bytes(), streams.stderr.bytes()];
  const because = (failure: ProgramFailure) => {
    const complaint = endOf(stderr, stdout);
    return fail({ ...failure, complaint: complaint !== '' ? complaint : undefined });
  };
  if (end.cause === 'timeout') {
    return because({
      reason: `took longer than ${count(timeout, 'second')}`,
      hint: 'give it more time with "timeout"',
    });
  }
  const failure = failureOf(end);
  if (failure) return because(failure);
  return stdout.every(isSpace) ? because({ reason: 'succeeded and printed nothing' }) : ok(stdout);
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
