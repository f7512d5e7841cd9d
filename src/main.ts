import { isAbsolute, join } from 'node:path';
import { realClock } from './core/clock.ts';
import { writeLines } from './core/door.ts';
import { run } from './run.ts';
import { standardOutput } from './standard-output.ts';

const { argv, env } = process;

// `at-pki … | head` closes the pipe early: that is not an error. Any other failure of the output is.
const failed = ({ code, message }: NodeJS.ErrnoException, tell: (line: string) => void): void => {
  if (code === 'EPIPE') return;
  process.exitCode = 1;
  tell(`at-pki: the output cannot be written: ${message}`);
};
const stderr = standardOutput(2, (error) => failed(error, () => {}));
const stdout = standardOutput(1, (error) => failed(error, (line) => writeLines(stderr, [line])));

// Node would print the error itself, and it may quote anything: a path, an argument, a key.
process.on('uncaughtException', (error) => {
  writeLines(stderr, ['at-pki: an error of at-pki itself; please report it', ...String(error.stack).split('\n')]);
  process.exit(1);
});

/** `process.stdin` is touched only where a password is missing: making it takes its time. */
async function askPassword(question: string): Promise<string | undefined> {
  if (env.CI && env.CI !== 'false') return undefined;
  const { askPassword: ask } = await import('./commands/ask-password.ts');
  return ask(question, process.stdin, stderr, () => process.kill(process.pid, 'SIGINT'));
}

/** As with the password; the name of a port, say. */
async function choose(question: string, choices: readonly string[]): Promise<string | undefined> {
  if (env.CI && env.CI !== 'false') return undefined;
  const { choose: ask } = await import('./commands/choose.ts');
  return ask(question, choices, process.stdin, stderr, interrupted?.signal);
}

/** The exit code of an interruption, whichever signal it came by. */
const interruptedCode = 130;

let interrupted: AbortController | undefined;

/** Without a call of this Ctrl-C ends the process as it ends any. A second one always does, whatever still goes on. */
function interruption(): AbortSignal {
  if (interrupted !== undefined) return interrupted.signal;
  const controller = new AbortController();
  interrupted = controller;
  const end = (): void => {
    if (controller.signal.aborted) process.exit(interruptedCode);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  return controller.signal;
}

run({
  ...{ argv: argv.slice(2), cwd: workingFolder(), env, stdout, stderr },
  ...{ askPassword, choose, interruption, stamps: stampFolder() },
}).then((code) => {
  if (!interrupted?.signal.aborted) {
    process.exitCode ||= code;
    return;
  }
  // Also where it came too late to stop anything: `at-pki build && make flash` must not go on.
  process.exitCode = code === 0 ? interruptedCode : code;
  // A connection that was being made when Ctrl-C came goes on being made, for as long as the system tries.
  const leave = (): void => process.exit();
  realClock.timeout(farewell, leave);
  stdout.flush(() => stderr.flush(leave));
});

/** Milliseconds at most for what is still to be written after an interruption. */
const farewell = 300;

/** Somebody may have deleted it; then whatever needs it says that it is missing. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return env.PWD ?? '/';
  }
}

/** Returns the folder for stamps, in the user's cache: XDG Base Directory, and its like on macOS and Windows. */
function stampFolder(): string | undefined {
  const { XDG_CACHE_HOME, HOME = '', LOCALAPPDATA = '' } = env;
  const own = { win32: LOCALAPPDATA, darwin: join(HOME, 'Library/Caches') }[process.platform as string];
  const cache = XDG_CACHE_HOME || (own ?? join(HOME, '.cache'));
  return isAbsolute(cache) ? join(cache, 'at-pki') : undefined;
}
