import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Child, type Ended, start } from '../support/child.ts';
import { fixtures, packageRoot } from '../support/paths.ts';
import { isAlive } from '../support/process.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { processesOf } from './left-behind.ts';

const file = (name: string): string => join(fixtures, 'runner', `${name}.mjs`);
const onWindows = process.platform === 'win32' && 'signals and process groups are POSIX';
const notLinux = process.platform !== 'linux' && 'finds processes in /proc';

/** A run of test files, in a folder for temporary files of its own. */
function started(t: Cleanup, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  const options = { cwd: packageRoot, env: { ...process.env, ...env } };
  return start(t, process.execPath, ['test/run.mjs', ...argv], options);
}

const ranThem = (t: Cleanup, ...argv: string[]): Promise<Ended> => started(t, argv).ended;

/** A run of the file that hangs, once it does: with the number of the test process. */
async function hanging(t: Cleanup): Promise<{ run: Child; pid: number }> {
  const mark = join(scratch(t), 'started');
  const run = started(t, [file('hangs')], { STARTED: mark });
  await until(() => existsSync(mark) && readFileSync(mark, 'utf8') !== '');
  return { run, pid: Number(readFileSync(mark, 'utf8')) };
}

test('in a pipe: a line for each file, the totals of node:test, and what was skipped with its reason', async (t) => {
  const { code, stdout } = await ranThem(t, file('passes'));
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^✔ \S+passes\.mjs: 2 tests, [\d.]+ s\n/);
  assert.match(stdout, /^ℹ tests 2\nℹ suites 0\nℹ pass 1\nℹ fail 0\nℹ cancelled 0\nℹ skipped 1\n/m);
  assert.match(stdout, /\nskipped tests, and why:\n {2}there is no such device\n {4}\S+passes\.mjs: is skipped\n$/);
});

test('what fails is printed with its error, what passes beside it is not', async (t) => {
  const { code, stdout } = await ranThem(t, file('fails'), file('passes'));
  assert.equal(code, 1);
  assert.match(stdout, /failing tests:\n\n(?:test at \S+fails\.mjs:\d+:\d+\n)?✖ fails/);
  assert.match(stdout, /1 !== 2/);
  assert.doesNotMatch(stdout, /passes, too/);
  assert.match(stdout, /^ℹ tests 6\nℹ suites 0\nℹ pass 3\nℹ fail 2$/m);
});

test('a word is a part of a path of a test, also as it lies in the source', async (t) => {
  const { code, stdout } = await ranThem(t, './test/core/text.test.ts');
  assert.deepEqual([code, /^✔ core\/text: /.test(stdout)], [0, true], stdout);
  assert.equal((await ranThem(t, 'no-such-test')).code, 1);
});

test('a test that hangs is named and ended, and the run goes on: without that it hung for ever', async (t) => {
  const { code, stdout } = await ranThem(t, '--silence', '2', file('hangs'), file('passes'));
  assert.equal(code, 1);
  assert.match(stdout, /no test began or ended for 2 s; /);
  assert.match(stdout, /✔ \S+passes\.mjs/);
});

test('a process that goes on after its tests is named and ended', async (t) => {
  const { code, stdout } = await ranThem(t, '--silence', '2', file('stays'));
  assert.equal(code, 1);
  assert.match(stdout, /✖ \S+stays\.mjs\b[\s\S]*no test began or ended for 2 s; /);
});

test('the limit for the whole run ends it, and names what was running', async (t) => {
  const temporary = scratch(t);
  const { code, stdout } = await started(t, ['--limit', '1', file('hangs')], { TMPDIR: temporary }).ended;
  assert.equal(code, 1);
  assert.match(stdout, /the limit of 1 s for the whole run has passed; these were still running:\n {2}\S+hangs\.mjs: /);
  await until(() => processesOf(temporary).length === 0);
  assert.deepEqual(readdirSync(temporary), []);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends the run with its test files, and names what was running`, { skip: onWindows }, async (t) => {
    const { run, pid } = await hanging(t);
    run.kill(signal);
    const { code, stdout } = await run.ended;
    assert.equal(code, 1);
    assert.match(
      stdout,
      new RegExp(`ended by ${signal}; these were still running:\n {2}\\S+: running: holds one > hangs\n`),
    );
    await until(() => !isAlive(pid));
  });
}

test('a run that is killed leaves no test file at work', { skip: onWindows }, async (t) => {
  const { run, pid } = await hanging(t);
  run.kill('SIGKILL');
  await until(() => !isAlive(pid));
});

test('a reader that leaves early ends the run', { skip: onWindows }, async (t) => {
  const { run, pid } = await hanging(t);
  run.stdout.destroy();
  run.kill('SIGTERM');
  const { code, stderr } = await run.ended;
  assert.deepEqual([code, stderr], [1, '']);
  await until(() => !isAlive(pid));
});

test('a process that a test leaves behind fails its file, and is ended', { skip: notLinux }, async (t) => {
  const { code, stdout } = await ranThem(t, file('leaves'));
  assert.equal(code, 1);
  const pid = /pid (\d+)/.exec(stdout)?.[1];
  assert.match(stdout, new RegExp(`it left a process behind: ${pid} \\S*node`));
  await until(() => !isAlive(Number(pid)));
});

test('a test process that dies fails its file', { skip: onWindows }, async (t) => {
  const { code, stdout } = await ranThem(t, file('dies'));
  assert.equal(code, 1);
  assert.match(stdout, /its process was ended by SIGKILL; running: ends its process/);
});
