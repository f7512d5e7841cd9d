#!/usr/bin/env node
import { run } from './run.ts';

// `at-pki … | head` closes the pipe early: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { argv, env, stdin, stdout, stderr } = process;
run({ argv: argv.slice(2), cwd: process.cwd(), env, stdin, stdout, stderr }).then((code) => {
  process.exitCode = code;
});
