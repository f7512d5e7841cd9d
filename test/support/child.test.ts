import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { endLater, isInstalled, outputOf, ran, start } from './child.ts';
import { isAlive } from './process.ts';
import { type Cleanup, scratch } from './scratch.ts';
import { unprivileged } from './unprivileged.ts';
import { until } from './until.ts';

const skip = process.platform === 'win32' && 'process groups are POSIX';

/** A test of which each part of the end is played alone. */
function played() {
  const hooks: (() => void)[] = [];
  const controller = new AbortController();
  const t: Cleanup = { after: (clean) => void hooks.push(clean), signal: controller.signal };
  return { t, hooks, abort: () => controller.abort() };
}

/** A program that ignores requests to end, and starts another one that does; prints the numbers of both. */
const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
const family = `${stubborn} const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit' });
  console.log('pids ' + process.pid + ' ' + child.pid);`;

async function familyOf(t: Cleanup): Promise<number[]> {
  const child = start(t, process.execPath, ['-e', family]);
  const pids = () => /pids (\d+) (\d+)\n/.exec(child.said.stdout)?.slice(1).map(Number);
  await until(() => pids() !== undefined);
  return pids() ?? [];
}

const ends: [what: string, end: (play: ReturnType<typeof played>) => void][] = [
  ['passes or fails', ({ hooks }) => hooks.forEach((hook) => void hook())],
  // node:test skips the hooks that follow one that throws: the child lived on, and held the stderr of the run.
  ['has a hook that throws before its own', ({ abort }) => abort()],
];
for (const [what, end] of ends) {
  test(`a child ends, with what it has started, when its test ${what}`, { skip }, async () => {
    const play = played();
    const pids = await familyOf(play.t);
    assert.ok(pids.length === 2 && pids.every(isAlive));
    end(play);
    await until(() => !pids.some(isAlive));
  });
}

const lives: [what: string, last: string, code: number | null][] = [
  ['exits', 'process.exit(3)', 3],
  ['dies of an exception', 'throw new Error("x")', 1],
  ['is ended by a signal', 'process.kill(process.pid, "SIGTERM")', null],
];
for (const [what, last, code] of lives) {
  test(`a child ends when the process of its test ${what}`, { skip }, async (t) => {
    const file = join(scratch(t), 'test.mjs');
    writeFileSync(
      file,
      `import { start } from ${JSON.stringify(new URL('./child.js', import.meta.url).href)};
       const { pid, stdout } = start({ after() {} }, process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")']);
       console.log(pid); stdout.once('data', () => { ${last}; });`,
    );
    const ended = ran(process.execPath, [file]);
    assert.equal(ended.code, code);
    await until(() => !isAlive(Number(ended.stdout)));
  });
}

test('what a program leaves behind ends when it has ended', { skip }, async () => {
  const leaving = `const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    console.log(child.pid); child.unref();`;
  const pid = Number(outputOf(process.execPath, ['-e', leaving]));
  await until(() => !isAlive(pid));
});

test('a process that has left the group ends with the test that has named it', { skip }, async () => {
  const leaving = `const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
    console.log(child.pid); child.unref();`;
  const { t, abort } = played();
  const pid = Number(outputOf(process.execPath, ['-e', leaving]));
  assert.ok(isAlive(pid));
  endLater(t, pid);
  abort();
  await until(() => !isAlive(pid));
});

test('a runner of tests that is started does not take itself for a part of this one', () => {
  assert.equal(outputOf(process.execPath, ['-p', 'process.env.NODE_TEST_CONTEXT']), 'undefined\n');
});

test('a program that fails, and one that is not there', async (t) => {
  assert.throws(() => outputOf(process.execPath, ['-e', 'console.error("no"); process.exit(2)']), /ended with 2\nno\n/);
  assert.throws(() => ran('at-pki-no-such-program', []), /could not be run/);
  await assert.rejects(start(t, 'at-pki-no-such-program', []).ended, /ENOENT/);
  assert.equal(isInstalled('at-pki-no-such-program'), false);
});

test('a folder that cannot be removed does not make its hook throw: the others would be skipped', { skip }, (t) => {
  const { t: inner, hooks } = played();
  const locked = join(scratch(inner), 'locked');
  mkdirSync(join(locked, 'inside'), { recursive: true });
  chmodSync(locked, 0o500);
  unprivileged(() => {
    for (const hook of hooks) hook();
  });
  assert.ok(existsSync(locked));
  chmodSync(locked, 0o700);
  for (const hook of hooks) hook();
  assert.equal(existsSync(locked), false);
  t.diagnostic('removed at last');
});

test('the children of a test end before its folders are removed: they would put files back', { skip }, async () => {
  const { t, hooks } = played();
  const file = join(scratch(t), 'a', 'b');
  const writing = `const { mkdirSync, writeFileSync } = require('node:fs'); const [folder, file] = process.argv.slice(1);
    for (;;) try { mkdirSync(folder, { recursive: true }); writeFileSync(file, 'x'); } catch {}`;
  const child = start(t, process.execPath, ['-e', writing, join(file, '..'), file]);
  await until(() => existsSync(file) && readFileSync(file, 'utf8') === 'x');
  hooks[0]?.();
  assert.equal((await child.ended).signal, 'SIGKILL');
  assert.equal(existsSync(join(file, '../..')), false);
});
