import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { start } from '../support/child.ts';
import { type Offspring, offspring } from '../support/offspring.ts';
import { packageRoot } from '../support/paths.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

// Signals to the program itself: what only a process can show. `npm test` builds it first.
const cli = join(packageRoot, 'dist/cli.cjs');
const skip = process.platform === 'win32' && 'signals are of POSIX';
// Whichever signal it was: the README promises no other code.
const interrupted = 130;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// Node 22 and later keep compiled code in the temporary folder, which is to hold nothing of ours.
const withoutCache = { NODE_DISABLE_COMPILE_CACHE: '1' };

/** A project whose `place` has a program with a child, and a temporary folder of its own. */
function project(t: TestContext, config: (program: Offspring['program']) => object) {
  const cwd = scratch(t);
  const temporary = join(cwd, 'tmp');
  mkdirSync(temporary);
  writeFileSync(join(cwd, 'a.bin'), 'a');
  const run = offspring(t, { deaf: true });
  const partitions = { data: { format: 'raw', files: 'a.bin', size: '4K' } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions, ...config(run.program) }));
  return { cwd, temporary, run, env: { ...process.env, ...withoutCache, TMPDIR: temporary } };
}

const sourced = (program: Offspring['program']) => ({
  partitions: { data: { format: 'raw', files: { exec: program }, size: '4K' } },
});

// Their programs went on for ever, and a folder with the report stayed in the temporary folder.
const programs: [what: string, argv: string[], config: (program: Offspring['program']) => object][] = [
  ['a source of build', ['build'], sourced],
  ['a source of check', ['check'], sourced],
  ['a source of watch', ['watch'], sourced],
  ['a source of certs list', ['certs', 'list'], sourced],
  ['hooks.preBuild', ['build'], (program) => ({ hooks: { preBuild: program } })],
  ['hooks.postBuild of watch', ['watch'], (program) => ({ hooks: { postBuild: program } })],
  ['--exec', ['build', '--exec'], () => ({})],
  ['flash.esptool', ['read', '--port', 'socket://127.0.0.1:9'], (program) => ({ flash: { esptool: program } })],
];
for (const [index, [what, argv, config]] of programs.entries()) {
  for (const signal of what === 'a source of build' || what === '--exec' ? signals : [signals[index % 3] ?? 'SIGINT']) {
    test(`${signal} ends ${what} with all that it started, and leaves no folder`, { skip }, async (t) => {
      const { cwd, temporary, run, env } = project(t, config);
      const own = argv.at(-1) === '--exec' ? run.program : [];
      const child = start(t, process.execPath, [cli, ...argv, ...own], { cwd, env });
      await run.pids();
      child.kill(signal);
      const { code, stderr } = await child.ended;
      assert.equal(code, interrupted, stderr);
      await run.gone();
      assert.deepEqual(readdirSync(temporary), []);
    });
  }
}

// The folder is there before the program, and no handler was set yet: 16 of 16 stayed.
test('a signal between the report of a hook and its program leaves no folder either', { skip }, async (t) => {
  const { cwd, temporary, run, env } = project(t, () => ({}));
  const child = start(t, process.execPath, [cli, 'build', '--exec', ...run.program], { cwd, env });
  await until(() => readdirSync(temporary).length > 0, 'there is a report');
  child.kill('SIGTERM');
  assert.equal((await child.ended).code, interrupted);
  await run.gone();
  assert.deepEqual(readdirSync(temporary), []);
});

test('a second signal waits for nothing, and still leaves no program and no folder', { skip }, async (t) => {
  const { cwd, temporary, run, env } = project(t, (program) => ({ hooks: { postBuild: program } }));
  const child = start(t, process.execPath, [cli, 'build'], { cwd, env });
  await run.pids();
  child.kill('SIGTERM');
  child.kill('SIGINT');
  const { code } = await child.ended;
  assert.equal(code, interrupted);
  await run.gone();
  assert.deepEqual(readdirSync(temporary), []);
});

// The programs are in groups of their own: a signal to the process that calls the library does not reach them.
for (const signal of signals) {
  test(`the library ends its programs at ${signal}, and then the process ends by it`, { skip }, async (t) => {
    const { cwd, temporary, run, env } = project(t, sourced);
    const library = pathToFileURL(join(packageRoot, 'dist/index.js')).href;
    const script = `import(${JSON.stringify(library)}).then(({ build }) => build())`;
    const child = start(t, process.execPath, ['-e', script], { cwd, env });
    await run.pids();
    child.kill(signal);
    assert.equal((await child.ended).signal, signal);
    await run.gone();
    assert.deepEqual(readdirSync(temporary), []);
  });
}

test('a listener of the process that calls the library decides whether it ends', { skip }, async (t) => {
  const { cwd, run, env } = project(t, sourced);
  const library = pathToFileURL(join(packageRoot, 'dist/index.js')).href;
  const script = `process.on('SIGTERM', () => {}); import(${JSON.stringify(library)}).then(async ({ build }) => {
    const { diagnostics } = await build(); console.log(diagnostics.map(({ code }) => code).join()); });`;
  const child = start(t, process.execPath, ['-e', script], { cwd, env });
  await run.pids();
  child.kill('SIGTERM');
  const { code, stdout } = await child.ended;
  assert.deepEqual([code, stdout], [0, 'interrupted\n']);
  await run.gone();
});

test('the exit of the process ends its programs', { skip }, async (t) => {
  const { cwd, temporary, run, env } = project(t, sourced);
  const library = pathToFileURL(join(packageRoot, 'dist/index.js')).href;
  const script = `import(${JSON.stringify(library)}).then(({ build }) => build()); process.stdin.resume(); process.on('SIGUSR2', () => process.exit(5))`;
  const child = start(t, process.execPath, ['-e', script], { cwd, env });
  await run.pids();
  child.kill('SIGUSR2');
  assert.equal((await child.ended).code, 5);
  await run.gone();
  assert.deepEqual(readdirSync(temporary), []);
});
