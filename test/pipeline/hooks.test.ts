import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from '../../src/index.ts';
import { endLater } from '../support/child.ts';
import { fixtures } from '../support/paths.ts';
import { isAlive } from '../support/process.ts';
import { atPki, atPkiIn } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

const onWindows = process.platform === 'win32';
const key = (name: string): string => join(fixtures, `pki/faults/${name}.key`);
/** A program that appends what the script makes to the file `log`. */
const logging = (what: string): string[] => [
  process.execPath,
  '-e',
  `const fs = require('node:fs'); const argv = process.argv.slice(1); const log = (text) => fs.appendFileSync('log', text + '\\n');
  const report = () => JSON.parse(fs.readFileSync(process.env.AT_PKI_REPORT)); ${what}`,
];
const failing = [process.execPath, '-e', 'process.exit(7)'];

/** A project of one partition, with hooks. */
function project(t: Cleanup, hooks: object): string {
  const cwd = scratch(t);
  cpSync(key('good'), join(cwd, 'a.key'));
  const partitions = { mqtt_key: { files: 'a.key', size: '8K' } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions, hooks }, undefined, 2));
  return cwd;
}
const logOf = (cwd: string): string[] => {
  const text = existsSync(join(cwd, 'log')) ? readFileSync(join(cwd, 'log'), 'utf8') : '';
  return text === '' ? [] : text.trimEnd().split('\n');
};
const image = 'out/mqtt_key.bin';

test('hooks.preBuild may make the sources that are read after it', async (t) => {
  const copy = `fs.copyFileSync(${JSON.stringify(key('other'))}, 'a.key')`;
  const cwd = project(t, { preBuild: logging(copy) });
  assert.equal((await atPki(cwd, 'build')).code, 0);
  assert.ok(readFileSync(join(cwd, image)).includes(readFileSync(key('other'))));
});

test('nothing is built where hooks.preBuild fails', async (t) => {
  const cwd = project(t, { preBuild: failing, postBuild: logging(`log('post')`) });
  const { code, stderr } = await atPki(cwd, 'build');
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error\[hook-failed\]: hooks\.preBuild: \S+ failed with exit code 7\n {2}--> pki\.config\.json\n/,
  );
  assert.equal(existsSync(join(cwd, image)), false);
  assert.deepEqual(logOf(cwd), []);
});

test('hooks.postBuild runs in the project’s folder, only where an image was written, and then --exec', async (t) => {
  const cwd = project(t, { postBuild: logging(`log('post ' + process.cwd())`) });
  const exec = logging(`log('exec ' + argv.join('|'))`);
  // What follows --exec is its own, whatever it looks like, and no shell reads it.
  const words = ['$(touch pwned)', '--json', '--nonsense', 'a b', ';'];
  for (const expected of [
    ['build', '--quiet'],
    ['build', '--quiet'],
    ['build', '-fq'],
  ]) {
    assert.deepEqual(await atPki(cwd, ...expected, '--exec', ...exec, ...words), { code: 0, stdout: '', stderr: '' });
  }
  const once = [`post ${cwd}`, `exec ${words.join('|')}`];
  assert.deepEqual(logOf(cwd), [...once, ...once]);
  assert.equal(existsSync(join(cwd, 'pwned')), false);
});

test('AT_PKI_REPORT is the report as --json prints it, for this user alone, and gone afterwards', async (t) => {
  const facts = `const { partitions: [one], ok } = report();
    log([one.name, one.status, ok].join(' ')); log(process.env.AT_PKI_REPORT); log(fs.statSync(process.env.AT_PKI_REPORT).mode & 0o777)`;
  const before = logging(`log(JSON.stringify([report().config, report().partitions]))`);
  const cwd = project(t, { preBuild: before, postBuild: logging(facts) });
  assert.equal((await atPki(cwd, 'build')).code, 0);
  const [first, second, file = '', mode] = logOf(cwd);
  assert.deepEqual([first, second], ['["pki.config.json",[]]', 'mqtt_key built true']);
  if (!onWindows) assert.equal(mode, String(0o600));
  assert.equal(existsSync(file), false);
  assert.equal(statSync(join(cwd, image)).isFile(), true);
});

test('what hooks print goes to stderr, so that --json stays one document', async (t) => {
  const cwd = project(t, { preBuild: [process.execPath, '-e', `console.log('said'); console.error('warned')`] });
  const { stdout, stderr } = await atPki(cwd, 'build', '--json');
  assert.equal((JSON.parse(stdout) as { ok: boolean }).ok, true);
  assert.match(stderr, /said\n/);
  assert.match(stderr, /warned\n/);
});

test('no hook runs where nothing is written: --check, --dry-run, check', async (t) => {
  const cwd = project(t, { preBuild: logging(`log('pre')`), postBuild: logging(`log('post')`) });
  for (const argv of [['build', '--check'], ['build', '--dry-run'], ['check'], ['check', '--no-exec']]) {
    await atPki(cwd, ...argv);
  }
  assert.deepEqual(logOf(cwd), []);
});

test('--no-exec refuses hooks as it does exec sources', async (t) => {
  const cwd = project(t, { preBuild: logging(`log('pre')`), postBuild: { shell: 'echo post >> log' } });
  const { code, stderr } = await atPki(cwd, 'build', '--no-exec');
  assert.equal(code, 2);
  assert.match(stderr, /error\[exec-refused\]: hooks\.preBuild is not run, because of --no-exec/);
  assert.match(stderr, /error\[exec-refused\]: hooks\.postBuild is not run, because of --no-exec/);
  assert.deepEqual(logOf(cwd), []);
  const both = await atPki(cwd, 'build', '--no-exec', '--exec', 'make');
  assert.match(both.stderr, /--exec and --no-exec contradict each other/);
});

test('a hook that fails afterwards leaves the image, and ends the line of programs', async (t) => {
  const cwd = project(t, { postBuild: failing });
  const { code, stderr } = await atPki(cwd, 'build', '--exec', ...logging(`log('exec')`));
  assert.equal(code, 1);
  assert.match(stderr, /error\[hook-failed\]: hooks\.postBuild: \S+ failed with exit code 7/);
  assert.equal(existsSync(join(cwd, image)), true);
  assert.deepEqual(logOf(cwd), []);
});

test('a program that is not there, and none at all', async (t) => {
  const cwd = project(t, {});
  const missing = await atPki(cwd, 'build', '--exec', 'no-such-program', '--flag');
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /error\[hook-failed\]: --exec: no-such-program was not found\n {2}→ is it installed/);
  const none = await atPki(cwd, 'build', '--exec');
  assert.equal(none.code, 2);
  assert.match(none.stderr, /--exec needs a value: --exec CMD…/);
});

test('a shell only where the config asks for one', { skip: onWindows && 'needs a POSIX shell' }, async (t) => {
  const cwd = project(t, {
    postBuild: { shell: 'echo one | tr a-z A-Z > log && echo "$AT_PKI_REPORT" | wc -l >> log' },
  });
  assert.equal((await atPki(cwd, 'build')).code, 0);
  assert.deepEqual(
    logOf(cwd).map((line) => line.trim()),
    ['ONE', '1'],
  );
});

test('Ctrl-C ends a hook with all that it started, also what would not end', { skip: onWindows }, async (t) => {
  const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
  const parent = logging(
    `const { spawn } = require('node:child_process'); const child = spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit' });
    child.on('spawn', () => log(process.pid + ' ' + child.pid)); setInterval(() => {}, 1000)`,
  );
  const cwd = project(t, { postBuild: parent });
  const controller = new AbortController();
  const ran = atPkiIn({ cwd, signal: controller.signal }, 'build');
  await until(() => logOf(cwd).length === 1);
  const pids = logOf(cwd)[0]?.split(' ').map(Number) ?? [];
  assert.ok(pids.length === 2 && pids.every(isAlive));
  for (const pid of pids) endLater(t, pid);
  controller.abort();
  const { code, stderr } = await ran;
  assert.equal(code, 130);
  assert.match(stderr, /error\[interrupted\]: hooks\.postBuild: \S+ was ended; the images are built/);
  await until(() => !pids.some(isAlive));
});

test('the library runs hooks, too, and prints nothing of theirs', async (t) => {
  const cwd = project(t, { postBuild: logging(`console.log('noise'); log('post')`) });
  assert.equal((await build({ cwd })).ok, true);
  assert.deepEqual(logOf(cwd), ['post']);
  const { ok, diagnostics } = await build({ cwd, exec: false });
  assert.deepEqual([ok, diagnostics[0]?.code], [false, 'exec-refused']);
});
