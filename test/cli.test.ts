import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { version } from '../src/version.ts';
import { exampleCheckout } from './support/example-checkout.ts';
import { fixtures, packageRoot } from './support/paths.ts';
import { isAlive } from './support/process.ts';
import { type Cleanup, scratch } from './support/scratch.ts';
import { until } from './support/until.ts';

// The program as people run it: what only a process can show. `npm test` builds it first.
const cli = join(packageRoot, 'dist/cli.cjs');
const skip = process.platform === 'win32' && 'needs a POSIX shell';

test('the program is built', () => {
  assert.ok(existsSync(cli), 'run `npm run build` first');
  assert.equal(execFileSync(process.execPath, [cli, '--version'], { encoding: 'utf8' }), `${version}\n`);
});

/** Runs it with its output closed early; gives what it says on stderr. */
async function intoClosedPipe(
  argv: string[],
  stream: 'stdout' | 'stderr',
): Promise<[code: number | null, stderr: string]> {
  const child = spawn(process.execPath, [cli, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  child[stream].destroy();
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return [code, stderr];
}

test('a reader that leaves early, as head does, is no error', async () => {
  const bin = join(fixtures, 'golden/atpki/two_hundred_fifty_six.bin');
  for (const argv of [['inspect', bin], ['inspect', bin, '--json'], ['--help'], ['build', '--help']]) {
    assert.deepEqual(await intoClosedPipe(argv, 'stdout'), [0, ''], argv.join(' '));
  }
  assert.deepEqual(await intoClosedPipe(['inspect', 'nothing.bin'], 'stderr'), [1, '']);
});

test('at-pki … | head -1', { skip }, () => {
  const bin = join(fixtures, 'golden/atpki/two_hundred_fifty_six.bin');
  const line = `"$0" "$1" inspect "$2" 2>&1 | head -1`;
  const { stdout } = spawnSync('sh', ['-c', line, process.execPath, cli, bin], { encoding: 'utf8' });
  assert.match(stdout, /^\S+two_hundred_fifty_six.bin: atpki, 256 items, [\d,]+ bytes\n$/);
});

test('an output that cannot be written is an error', { skip: existsSync('/dev/full') ? false : 'no /dev/full' }, () => {
  const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$1" --help > /dev/full', process.execPath, cli], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /^at-pki: the output cannot be written: ENOSPC[^\n]*\n$/);
});

test('a current folder that was deleted is said to be that', { skip }, (t) => {
  const gone = join(scratch(t), 'gone');
  mkdirSync(gone);
  const line = 'cd "$2" && rmdir "$2" && exec "$0" "$1" build';
  const { status, stderr } = spawnSync('sh', ['-c', line, process.execPath, cli, gone], { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stderr, /^error\[usage\]: the current folder, .*, is not a folder\n/);
  rmSync(gone, { force: true, recursive: true });
});

/** Starts the program in a folder, and gives what it has said so far. */
function started(t: Cleanup, cwd: string, ...argv: string[]) {
  const child = spawn(process.execPath, [cli, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => void child.kill('SIGKILL'));
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said.text += data));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, said, ended };
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal} ends a watch, with ${code}`, { skip }, async (t) => {
    const { child, said, ended } = started(t, exampleCheckout(t), 'watch');
    await until(() => said.text.includes('Ctrl-C ends'));
    const asked = performance.now();
    child.kill(signal);
    assert.equal(await ended, code);
    const took = performance.now() - asked;
    assert.ok(took < 2500, `${took} ms`);
  });
}

test('Ctrl-C while a server takes a connection and says nothing ends it at once, with 130', { skip }, async (t) => {
  let isTaken = false;
  const server = createServer(() => {
    isTaken = true;
  }).listen(0, '127.0.0.1');
  t.after(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { child, ended } = started(
    t,
    scratch(t),
    'read',
    'flash',
    '-o',
    'flash.bin',
    '--port',
    `rfc2217://127.0.0.1:${port}`,
  );
  await until(() => isTaken);
  const asked = performance.now();
  child.kill('SIGINT');
  assert.equal(await ended, 130);
  const took = performance.now() - asked;
  assert.ok(took < 2500, `${took} ms`);
});

test('a second Ctrl-C waits for nothing, and leaves no hook behind', { skip }, async (t) => {
  const cwd = exampleCheckout(t);
  const stubborn = `process.on('SIGTERM', () => console.log('asked')); console.log('pid ' + process.pid); setInterval(() => {}, 1000)`;
  const { child, said, ended } = started(t, cwd, 'build', '--exec', process.execPath, '-e', stubborn);
  await until(() => /pid \d+\n/.test(said.text));
  const pid = Number(/pid (\d+)\n/.exec(said.text)?.[1]);
  child.kill('SIGINT');
  await until(() => said.text.includes('asked'));
  child.kill('SIGINT');
  assert.equal(await ended, 130);
  await until(() => !isAlive(pid));
});

test('no colours into a pipe, unless they are asked for', () => {
  const shown = (env: Record<string, string>) =>
    spawnSync(process.execPath, [cli, 'nonsense'], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '', ...env } });
  assert.ok(!shown({ FORCE_COLOR: '0' }).stderr.includes('\u001b'));
  assert.ok(shown({ FORCE_COLOR: '1' }).stderr.includes('\u001b[31m'));
});
