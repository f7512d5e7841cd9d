import { stripVTControlCharacters } from 'node:util';
import { diagnostic } from '../../core/diagnostic.ts';
import { count, printable } from '../../core/text.ts';
import { DeviceError } from '../device.ts';
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
export async function runEsptool([program, ...first]: Program, errand: Errand): Promise<string> {
  const { args, doing, port, timeout, signal, onLine } = errand;
  const interrupted = diagnostic('interrupted', `it was interrupted while ${doing}`, { hint: 'run it again' });
  if (signal?.aborted) throw new EsptoolError(interrupted);
  const { execa } = await import('execa');
  const running = execa(program, [...first, ...args], {
    env: plainly,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: timeout * 1000,
    // Python closes the port when it is interrupted; whatever it is busy with then is at most one block.
    killSignal: 'SIGINT',
    forceKillAfterDelay: patience,
    ...(signal && { cancelSignal: signal }),
  });
  if (onLine) eachLine(running.all, onLine);
  // A program in between, such as a script that starts esptool, may leave it behind with the output open.
  const release = (): void => {
    running.stdout.destroy();
    running.stderr.destroy();
  };
  const late = setTimeout(release, timeout * 1000 + 2 * patience);
  let lateAfterAbort: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    lateAfterAbort = setTimeout(release, patience);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const { exitCode, code, timedOut, isCanceled, all: output } = await running;
  signal?.removeEventListener('abort', onAbort);
  clearTimeout(late);
  clearTimeout(lateAfterAbort);
  if (isCanceled || signal?.aborted) throw new EsptoolError(interrupted, output);
  if (timedOut) {
    const message = `esptool took longer than ${count(timeout, 'second')} over ${doing}`;
    throw new EsptoolError(diagnostic('chip-silent', message, { hint: 'reset the board and run it again' }), output);
  }
  if (exitCode === undefined && code !== undefined) throw new EsptoolError(notStarted(program, code), output);
  if (exitCode !== 0) throw new EsptoolError(failureOf(output, port, exitCode), output);
  return stripVTControlCharacters(output);
}

function notStarted(program: string, code: string) {
  const name = printable(program);
  if (code === 'ENOENT') return diagnostic('esptool-failed', `${name} was not found`, { hint: installHint });
  const hint = 'is it a program (chmod +x)?';
  if (code === 'EACCES') return diagnostic('esptool-failed', `${name} may not be run: permission denied`, { hint });
  return diagnostic('esptool-failed', `${name} cannot be started (${code})`);
}

/** Progress is overwritten with backspaces (version 4) or carriage returns. */
function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const decoder = new TextDecoder();
  let rest = '';
  stream.on('data', (chunk: Uint8Array) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n\b]+/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(stripVTControlCharacters(line).trim());
  });
}
