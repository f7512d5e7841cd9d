import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { version } from '../src/core/version.ts';
import { type Child, endLater, outputOf, ran, start } from './support/child.ts';
import { exampleCheckout } from './support/example-checkout.ts';
import { leakIn, markedKey } from './support/leaks.ts';
import { fixtures, packageRoot } from './support/paths.ts';
import { isAlive } from './support/process.ts';
import { type Cleanup, scratch } from './support/scratch.ts';
import { until } from './support/until.ts';

// The program as people run it: what only a process can show. `npm test` builds it first.
const cli = join(packageRoot, 'dist/cli.cjs');
const skip = process.platform === 'win32' && 'needs a POSIX shell';

test('the program is built', () => {
  assert.ok(existsSync(cli), 'run `npm run build` first');
  assert.equal(outputOf(process.execPath, [cli, '--version']), `${version}\n`);
});

/** Runs it with its output closed early; returns its exit code and its stderr. */
async function intoClosedPipe(
  t: Cleanup,
  argv: string[],
  stream: 'stdout' | 'stderr',
): Promise<[code: number | null, stderr: string]> {
  const child = start(t, process.execPath, [cli, ...argv]);
  child[stream].destroy();
  const { code, stderr } = await child.ended;
  return [code, stderr];
}

test('a reader that leaves early, as head does, is not an error', async (t) => {
  const bin = join(fixtures, 'golden/atpki/two_hundred_fifty_six.bin');
  for (const argv of [['inspect', bin], ['inspect', bin, '--json'], ['--help'], ['build', '--help']]) {
    assert.deepEqual(await intoClosedPipe(t, argv, 'stdout'), [0, ''], argv.join(' '));
  }
  assert.deepEqual(await intoClosedPipe(t, ['inspect', 'nothing.bin'], 'stderr'), [1, '']);
});

test('an error that nothing foresaw is shown without the key that it may quote', (t) => {
  const key = markedKey();
  const fault = join(scratch(t), 'fault.cjs');
  // Without it Node prints what it has, and the key that was pasted as a path stands in the log.
  writeFileSync(fault, `setImmediate(() => { throw new Error('stat ' + ${JSON.stringify(key)}) });`);
  const { code, stderr } = ran(process.execPath, ['--require', fault, cli, 'inspect', 'nothing.bin']);
  assert.equal(code, 1);
  assert.match(stderr, /^at-pki: an error of at-pki itself; please report it\nError: stat -----BEGIN/m);
  assert.equal(leakIn(stderr, key), '');
});

test('at-pki … | head -1', { skip }, () => {
  const bin = join(fixtures, 'golden/atpki/two_hundred_fifty_six.bin');
  const line = `"$0" "$1" inspect "$2" 2>&1 | head -1`;
  const { stdout } = ran('sh', ['-c', line, process.execPath, cli, bin]);
  assert.match(stdout, /^\S+two_hundred_fifty_six.bin: atpki, 256 items, [\d,]+ bytes\n$/);
});

test('an output that cannot be written is an error', { skip: existsSync('/dev/full') ? false : 'no /dev/full' }, () => {
  const { code, stderr } = ran('sh', ['-c', '"$0" "$1" --help > /dev/full', process.execPath, cli]);
  assert.equal(code, 1);
  assert.match(stderr, /^at-pki: the output cannot be written: ENOSPC[^\n]*\n$/);
});

test('a current folder that was deleted is said to be that', { skip }, (t) => {
  const gone = join(scratch(t), 'gone');
  mkdirSync(gone);
  const line = 'cd "$2" && rmdir "$2" && exec "$0" "$1" build';
  const { code, stderr } = ran('sh', ['-c', line, process.execPath, cli, gone]);
  assert.equal(code, 2);
  assert.match(stderr, /^error\[usage\]: the current folder, .*, is not a folder\n/);
  rmSync(gone, { force: true, recursive: true });
});

/** Starts the program in a folder. */
const started = (t: Cleanup, cwd: string, ...argv: string[]): Child =>
  start(t, process.execPath, [cli, ...argv], { cwd });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends a watch, with 130`, { skip }, async (t) => {
    const watch = started(t, exampleCheckout(t), 'watch');
    await until(() => watch.said.stderr.includes('Ctrl-C ends'));
    watch.kill(signal);
    assert.equal((await watch.ended).code, 130);
  });
}

test('Ctrl-C while a server takes a connection and says nothing ends it, with 130', { skip }, async (t) => {
  let isTaken = false;
  const server = createServer(() => {
    isTaken = true;
  }).listen(0, '127.0.0.1');
  t.after(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const way = `rfc2217://127.0.0.1:${port}`;
  const read = started(t, scratch(t), 'read', 'flash', '-o', 'flash.bin', '--port', way);
  await until(() => isTaken);
  read.kill('SIGINT');
  assert.equal((await read.ended).code, 130);
});

test('a second Ctrl-C waits for nothing, and leaves no hook behind', { skip }, async (t) => {
  const cwd = exampleCheckout(t);
  const stubborn = `process.on('SIGTERM', () => console.log('asked')); console.log('pid ' + process.pid); setInterval(() => {}, 1000)`;
  const build = started(t, cwd, 'build', '--exec', process.execPath, '-e', stubborn);
  await until(() => /pid \d+\n/.test(build.said.stderr));
  const pid = Number(/pid (\d+)\n/.exec(build.said.stderr)?.[1]);
  endLater(t, pid);
  build.kill('SIGINT');
  await until(() => build.said.stderr.includes('asked'));
  build.kill('SIGINT');
  assert.equal((await build.ended).code, 130);
  await until(() => !isAlive(pid));
});

test('no colours into a pipe, unless they are asked for', () => {
  const shown = (env: Record<string, string>) =>
    ran(process.execPath, [cli, 'nonsense'], { env: { ...process.env, NO_COLOR: '', ...env } });
  assert.ok(!shown({ FORCE_COLOR: '0' }).stderr.includes('\u001b'));
  assert.ok(shown({ FORCE_COLOR: '1' }).stderr.includes('\u001b[31m'));
});
