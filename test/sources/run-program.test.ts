import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../../src/sources/run-program.ts';
import { fixtures } from '../support/paths.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

const key = join(fixtures, 'pki/faults/good.key');

/** Runs a script by this Node; `reason | complaint → hint` of a failure. */
async function node(t: Cleanup, script: string, timeout = 20): Promise<Uint8Array | string> {
  return start(t, [process.execPath, '-e', script], timeout);
}

async function start(t: Cleanup, argv: string[], timeout = 20, env = process.env): Promise<Uint8Array | string> {
  const folder = scratch(t);
  writeFileSync(join(folder, 'here'), '');
  const result = await runProgram({ argv, folder, timeout, env });
  if (result.ok) return result.value;
  const { reason, complaint, hint } = result.error;
  return `${reason}${complaint ? ` | ${complaint}` : ''}${hint ? ` → ${hint}` : ''}`;
}

test('what it prints is the content, byte for byte', async (t) => {
  const bytes = Buffer.from([0, 255, 10, 13, 10, 65, 10]);
  const out = await node(t, `process.stdout.write(Buffer.from('${bytes.toString('hex')}', 'hex'))`);
  assert.deepEqual(Buffer.from(out), bytes);
});

test('what it says on stderr is no content', async (t) => {
  const out = await node(t, 'console.error("a warning"); console.log("content")');
  assert.equal(Buffer.from(out).toString(), 'content\n');
});

test('no shell reads its arguments', async (t) => {
  const args = ['$(touch pwned)', '; touch pwned', '*', '"', "'", '', '\\', '`id`', '$HOME', '--'];
  const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  const out = await start(t, [process.execPath, '-e', script, '--', ...args]);
  assert.deepEqual(JSON.parse(Buffer.from(out).toString()), args);
});

test('it runs in the folder given, with the environment given, and nothing on stdin', async (t) => {
  const folder = scratch(t);
  const script =
    'process.stdin.on("data", () => {}).on("end", () => console.log(JSON.stringify([process.cwd(), process.env.X, process.env.HOME ?? null])))';
  const argv = [process.execPath, '-e', script];
  const result = await runProgram({ argv, folder, timeout: 20, env: { X: 'y' } });
  assert.deepEqual(result.ok && JSON.parse(Buffer.from(result.value).toString()), [folder, 'y', null]);
});

/** Ends only when it is ended. */
const hanging = 'setInterval(() => {}, 1000)';

/** Ends itself when the folder of its test is removed: nothing else can find it. */
const untilFolderGoes = 'setInterval(() => require("fs").existsSync("here") || process.exit(), 20)';

const failures: [what: string, script: string, timeout: number, expected: string | RegExp][] = [
  ['an exit code', 'process.exit(3)', 20, 'failed with exit code 3'],
  [
    'an exit code with a complaint',
    'console.error("no such entry"); process.exit(1)',
    20,
    'failed with exit code 1 | no such entry',
  ],
  ['a signal', 'process.kill(process.pid, "SIGKILL")', 20, 'was ended by SIGKILL'],
  ['taking too long', hanging, 0.5, 'took longer than 0.5 seconds → give it more time with "timeout"'],
  [
    'taking too long and refusing to end',
    `process.on("SIGTERM", () => {}); ${hanging}`,
    0.5,
    /^took longer than 0\.5 seconds/,
  ],
  [
    'leaving a process behind that holds its output',
    `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(untilFolderGoes)}], { stdio: "inherit", detached: true }).unref()`,
    0.5,
    /^took longer than 0\.5 seconds/,
  ],
  ['printing nothing', '', 20, 'succeeded and printed nothing'],
  ['printing white space', 'console.log(" \\n")', 20, 'succeeded and printed nothing'],
  [
    'a complaint of many lines',
    'for (let n = 0; n < 100; n++) console.error("line", n); process.exit(1)',
    20,
    `failed with exit code 1 | ${[94, 95, 96, 97, 98, 99].map((line) => `line ${line}`).join('\n')}`,
  ],
  [
    'a complaint in colours that moves the cursor',
    'console.error("\\u001b[31mred\\u001b[0m\\u001b[2J \\u0007bell"); process.exit(1)',
    20,
    'failed with exit code 1 | red \\x07bell',
  ],
];
for (const [what, script, timeout, expected] of failures) {
  test(`it fails by ${what}`, async (t) => {
    const said = await node(t, script, timeout);
    if (typeof expected === 'string') assert.equal(said, expected);
    else assert.match(String(said), expected);
  });
}

test('a program that is not there, may not be run, or has no name', async (t) => {
  assert.equal(await start(t, ['at-pki-no-such-program']), 'was not found → is it installed, and in a folder of PATH?');
  assert.equal(await start(t, ['./x']), 'was not found → is it installed, and in a folder of PATH?');
  assert.equal(await start(t, ['']), 'cannot be started: the name of the program is empty');
  const file = join(scratch(t), 'plain.txt');
  writeFileSync(file, 'x');
  chmodSync(file, 0o644);
  assert.equal(await start(t, [file]), 'may not be run: permission denied → is it a program (chmod +x)?');
});

test('a failure tells nothing of the content, even where the program does', async (t) => {
  const script = `const key = require('node:fs').readFileSync(${JSON.stringify(key)}, 'utf8');
    console.log(key);
    console.error('cannot write', key, 'nor', JSON.stringify(key), 'nor', Buffer.from(key).toString('hex'));
    for (const line of key.split('\\n')) console.error('>', line);
    process.exit(1)`;
  const said = String(await node(t, script));
  assert.match(said, /^failed with exit code 1 \| /);
  const content = readFileSync(key, 'utf8').split('\n').slice(1, -2).join('');
  for (let at = 0; at + 10 <= content.length; at += 10) assert.ok(!said.includes(content.slice(at, at + 10)), said);
});

test('nor does it show the arguments', async (t) => {
  for (const argv of [
    ['at-pki-no-such', '--token=hunter2'],
    [process.execPath, '-e', 'process.exit(1)', 'hunter2'],
  ]) {
    assert.doesNotMatch(String(await start(t, argv)), /hunter2/);
  }
});
