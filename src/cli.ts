#!/usr/bin/env node
import { run } from './run.ts';

const { argv, env, stdout, stderr } = process;

// `at-pki … | head` closes the pipe early: that is no error of ours. Whatever else befalls the output is.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exitCode = 1;
    if (stream === stdout) stderr.write(`at-pki: the output cannot be written: ${error.message}\n`);
  });
}

/** `process.stdin` is touched only where a password is missing: making it takes its time. */
async function askPassword(question: string): Promise<string | undefined> {
  if (env.CI && env.CI !== 'false') return undefined;
  const { askPassword: ask } = await import('./commands/ask-password.ts');
  return ask(question, process.stdin, stderr, () => process.kill(process.pid, 'SIGINT'));
}

run({ argv: argv.slice(2), cwd: workingFolder(), env, stdout, stderr, askPassword }).then((code) => {
  process.exitCode ||= code;
});

/** Somebody may have deleted it; then whatever needs it says that it is missing. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return env.PWD ?? '/';
  }
}
