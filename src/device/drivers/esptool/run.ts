import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '../../../core/clock.ts';
import { diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { count, printable } from '../../../core/text.ts';
import { failureOf as endFailure } from '../../../programs/failure.ts';
import { interruptible } from '../../../programs/interruptible.ts';
import { collect, mostOutputText, type TakeOutput } from '../../../programs/output.ts';
import { type ProgramEnd, runToEnd } from '../../../programs/run.ts';
import { DeviceError } from '../../device.ts';
import { failureOf, installHint } from './failure.ts';

/** The program and its first arguments: `['esptool']`, `['python3', '-m', 'esptool']`. */
export type Program = readonly [string, ...string[]];

export interface Errand {
  readonly args: readonly string[];
  /** What a message calls it: `it was interrupted while reading the flash`. */
  readonly doing: string;
  /** As the user knows it. */
  readonly port: string;
  /** Seconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** A call of esptool that ended with an error, and what it printed until then. */
export class EsptoolError extends DeviceError {
  readonly output: string;

  constructor(error: DeviceError['diagnostic'], output = '') {
    super(error);
    this.output = output;
  }
}

/** Milliseconds between asking esptool to end and killing it. */
const patience = 1000;

/** Without colours, bars that overwrite themselves, and characters that a code page of Windows lacks. */
const plainly = { TERM: 'dumb', NO_COLOR: '1', PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8' };

/** Runs esptool without a shell and gives all that it printed. Throws an EsptoolError. */
export const runEsptool = (program: Program, errand: Errand): Promise<string> =>
  interruptible(errand.signal, async (signal) => {
    const output = collect();
    const lines = errand.onLine && lineReader(errand.onLine);
    const end = await runToEnd({
      program: { exec: [...program, ...errand.args] },
      env: { ...process.env, ...plainly },
      output: (piece, stream) => {
        lines?.(piece, stream);
        return output.take(piece);
      },
      timeout: errand.timeout,
      // Python closes the port when it is interrupted; whatever it is busy with then is at most one block.
      request: 'SIGINT',
      ...{ patience, signal, clock: errand.clock },
    });
    const text = Buffer.from(output.bytes()).toString('utf8');
    const failure = whyFailed(program, errand, end, text);
    if (failure !== undefined) throw new EsptoolError(failure, text);
    return stripVTControlCharacters(text);
  });

function whyFailed([program]: Program, { doing, port, timeout }: Errand, end: ProgramEnd, output: string) {
  const { cause, exitCode, code } = end;
  if (cause === 'interruption') {
    return diagnostic('interrupted', `it was interrupted while ${doing}`, { hint: 'run it again' });
  }
  if (cause === 'timeout') {
    const message = `esptool took longer than ${count(timeout, 'second')} over ${doing}`;
    return diagnostic('chip-silent', message, { hint: 'reset the board and run it again' });
  }
  if (cause === 'output') {
    const message = `${printable(program)} printed more than ${mostOutputText} while ${doing}`;
    return diagnostic('esptool-failed', message, { hint: 'is it an esptool?' });
  }
  if (exitCode === undefined && code !== undefined) return notStarted(program, end);
  return exitCode === 0 ? undefined : failureOf(output, port, exitCode);
}

function notStarted(program: string, end: ProgramEnd) {
  const { reason = '', hint = installHint } = endFailure(end) ?? {};
  return diagnostic('esptool-failed', `${printable(program)} ${reason}`, {
    hint: end.code === 'ENOENT' ? installHint : hint,
  });
}

/** Progress is overwritten with backspaces (version 4) or carriage returns. */
function lineReader(onLine: (line: string) => void): (...piece: Parameters<TakeOutput>) => void {
  const readers = {
    stdout: { decoder: new TextDecoder(), rest: '' },
    stderr: { decoder: new TextDecoder(), rest: '' },
  };
  return (piece, stream) => {
    const reader = readers[stream];
    const lines = (reader.rest + reader.decoder.decode(piece, { stream: true })).split(/[\r\n\b]+/);
    reader.rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(stripVTControlCharacters(line).trim());
  };
}
