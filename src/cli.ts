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

run({ argv: argv.slice(2), cwd: workingFolder(), env, stdout, stderr }).then((code) => {
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
