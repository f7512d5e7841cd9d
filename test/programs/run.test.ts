import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, realClock } from '../../src/core/clock.ts';
import { failureOf } from '../../src/programs/failure.ts';
import { collect, mostOutput } from '../../src/programs/output.ts';
import { type ProgramCall, type ProgramEnd, runToEnd } from '../../src/programs/run.ts';
import { endLater } from '../support/child.ts';
import { offspring, type Resistance } from '../support/offspring.ts';
import { isAlive } from '../support/process.ts';
import { until } from '../support/until.ts';

const skip = process.platform === 'win32' && 'process groups are of POSIX';
const { env } = process;
const { signal: never } = new AbortController();

const run = (exec: readonly string[], call: Partial<ProgramCall> = {}): Promise<ProgramEnd> =>
  runToEnd({ program: { exec }, env, output: 'ignore', signal: never, ...call });
const node = (script: string, call?: Partial<ProgramCall>) => run([process.execPath, '-e', script], call);

/** The clock of the machine, but for one timeout: that is over when the test says so. */
function stoppedAt(milliseconds: number) {
  const waits: number[] = [];
  let fire = (): void => {};
  const clock: Clock = {
    ...realClock,
    timeout(after, callback) {
      waits.push(after);
      if (after !== milliseconds) return realClock.timeout(after, callback);
      fire = callback;
      return () => {};
    },
  };
  return { clock, waits, fire: () => fire() };
}

// Without this a program that was ended leaves the ones behind that it started: a vault's agent, a shell's sleep.
const resistances: [what: string, resistance: Resistance][] = [
  ['ends when it is asked to', {}],
  ['takes no notice of SIGTERM', { deaf: true }],
  ['has closed its output', { silent: true }],
  ['has closed its output and takes no notice of SIGTERM', { silent: true, deaf: true }],
];
for (const [what, resistance] of resistances) {
  test(`an interruption ends a program with its child, which ${what}`, { skip }, async (t) => {
    const { program, pids, gone } = offspring(t, resistance);
    const stop = new AbortController();
    const running = run(program, { signal: stop.signal, output: () => true });
    await pids();
    stop.abort();
    assert.equal((await running).cause, 'interruption');
    await gone();
  });
}

test('so does its timeout', { skip }, async (t) => {
  const { program, pids, gone } = offspring(t, { deaf: true });
  const { clock, fire } = stoppedAt(3000);
  const running = run(program, { timeout: 3, clock });
  await pids();
  fire();
  assert.equal((await running).cause, 'timeout');
  await gone();
});

test('so does too much output', { skip }, async (t) => {
  const { program, pids, gone } = offspring(t, { deaf: true });
  const [, , script = '', file = ''] = program;
  const chatty = `${script}; setInterval(() => console.log('more'), 5)`;
  let isEnough = false;
  const running = run([process.execPath, '-e', chatty, file], { output: () => !isEnough });
  await pids();
  isEnough = true;
  assert.equal((await running).cause, 'output');
  await gone();
});

// Ctrl-C in watch took 29 s: as long as the time-out of the source.
test('a child that left the group and holds the output is not waited for', { skip }, async (t) => {
  const { program, pids } = offspring(t, { away: true });
  const stop = new AbortController();
  const running = run(program, { signal: stop.signal, output: () => true });
  const [parent = 0, child = 0] = await pids();
  stop.abort();
  assert.equal((await running).cause, 'interruption');
  await until(() => !isAlive(parent));
  assert.ok(isAlive(child), 'it belongs to another group');
});

// A build waited for the `sleep 300 &` of a source that had printed all and ended.
test('a child that is left behind with the output open is not waited for, and nothing is lost', { skip }, async (t) => {
  let text = '';
  const output = (piece: Uint8Array): boolean => {
    text += Buffer.from(piece).toString();
    return true;
  };
  const end = await run(['sh', '-c', 'sleep 300 & echo $!; echo all of it'], { output });
  const [pid = '', rest] = text.split('\n');
  endLater(t, Number(pid));
  assert.equal(rest, 'all of it');
  assert.deepEqual([end.exitCode, end.cause, failureOf(end)], [0, undefined, undefined]);
});

test('a program is asked to end before it is killed', { skip }, async () => {
  const stop = new AbortController();
  let said = '';
  const script = `process.on('SIGTERM', () => { console.log('asked'); process.exit(); }); console.log('ready'); setInterval(() => {}, 1000)`;
  const end = await node(script, {
    signal: stop.signal,
    output(piece) {
      said += Buffer.from(piece).toString();
      if (said === 'ready\n') stop.abort();
      return true;
    },
  });
  assert.deepEqual([said, end.cause, end.exitCode], ['ready\nasked\n', 'interruption', 0]);
});

test('an interruption that came before starts nothing', async () => {
  assert.deepEqual(await run(['at-pki-no-such-program'], { signal: AbortSignal.abort() }), { cause: 'interruption' });
});

test('a number of listeners does not grow with each program', async () => {
  const names = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'];
  const listeners = () => names.map((name) => process.listenerCount(name));
  const before = listeners();
  await node('');
  assert.deepEqual(listeners(), before);
});

// A timer of Node that is set to more than 24.8 days fires at once: 3,000,000 seconds were none.
test('a timeout of months ends nothing at once', async () => {
  const { clock, waits } = stoppedAt(Number.POSITIVE_INFINITY);
  assert.equal((await node('', { timeout: 1e12, clock })).exitCode, 0);
  assert.equal(waits[0], 2 ** 31 - 1);
});

// A gigabyte of output was held whole, and then thrown away.
for (const stream of ['stdout', 'stderr']) {
  test(`output without an end on ${stream} is cut, and none of it is held beyond that`, async () => {
    const kept = collect();
    const script = `const piece = 'x'.repeat(65536); const more = () => process.${stream}.write(piece, more); more()`;
    const { cause } = await node(script, { output: (piece) => kept.take(piece) });
    assert.deepEqual([cause, kept.bytes().length], ['output', mostOutput]);
  });
}

test('the limit of collected output is exact, and what comes after it stays out', () => {
  const kept = collect(5);
  const bytes = (text: string) => new TextEncoder().encode(text);
  assert.deepEqual([kept.take(bytes('abc')), kept.take(bytes('de'))], [true, true]);
  assert.deepEqual([kept.take(bytes('fg')), kept.take(bytes('h'))], [false, false]);
  assert.equal(Buffer.from(kept.bytes()).toString(), 'abcde');
});

// To a program a text ends at its NUL, and Node throws: a stack in place of a message.
const nuls: [what: string, call: Partial<ProgramCall>][] = [
  ['the name of a program', { program: { exec: ['a\0b'] } }],
  ['an argument', { program: { exec: [process.execPath, '-e', '\0'] } }],
  ['a line for the shell', { program: { shell: 'echo a\0b' } }],
  ['the value of a variable', { env: { ...env, A: 'a\0b' } }],
  ['the name of a variable', { env: { ...env, 'A\0B': '' } }],
  ['the folder', { folder: '/tmp/a\0b' }],
];
for (const [what, call] of nuls) {
  test(`a NUL in ${what} is refused in words`, async () => {
    const failure = failureOf(await run([process.execPath, '-e', ''], call));
    assert.equal(failure?.reason, 'cannot be started: a text for it holds a NUL character');
  });
}

test('arguments that no system takes are refused in words', { skip }, async () => {
  const failure = failureOf(await node(`//${'x'.repeat(8 << 20)}`));
  assert.equal(failure?.reason, 'cannot be started: its arguments are too long');
});
