import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { choose } from '../../src/commands/choose.ts';

const ports = ['/dev/ttyUSB0 (CP210x)', '/dev/ttyUSB1 (CH340)'];

/** Asks with these lines typed; gives the answer and what was shown. */
async function asked(
  lines: readonly string[],
  { isTTY = true, signal }: { isTTY?: boolean; signal?: AbortSignal } = {},
) {
  const input = Object.assign(new PassThrough(), { isTTY });
  let shown = '';
  const output = { isTTY, write: (text: string) => (shown += text) };
  const answer = choose('Which board is meant?', ports, input, output, signal);
  for (const line of lines) input.write(`${line}\n`);
  if (signal === undefined) input.end();
  return { answer: await answer, shown };
}

test('a number or the name itself chooses; anything else is asked again', async () => {
  assert.equal((await asked(['2'])).answer, ports[1]);
  assert.equal((await asked([ports[0] ?? ''])).answer, ports[0]);
  const { answer, shown } = await asked(['0', '3', 'x', ' 1 ']);
  assert.equal(answer, ports[0]);
  assert.equal(shown.split('number or name (1–2): ').length, 5);
  assert.match(
    shown,
    /^Which board is meant\?\n {2}1 {2}\/dev\/ttyUSB0 \(CP210x\)\n {2}2 {2}\/dev\/ttyUSB1 \(CH340\)\n/,
  );
});

test('a question may have several lines', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  const output = { isTTY: true, write: (text: string) => (shown += text) };
  input.end('1\n');
  await choose('Which?\n  a\n  \x1b[2Jb', ['keep', 'replace'], input, output, undefined);
  assert.ok(shown.startsWith('Which?\n  a\n  '), shown);
  assert.ok(!shown.includes('\x1b'), 'and moves no cursor');
});

test('nobody there, the end of input, or Ctrl-C: no answer', async () => {
  assert.deepEqual(await asked(['1'], { isTTY: false }), { answer: undefined, shown: '' });
  assert.equal((await asked([])).answer, undefined);
  const stop = new AbortController();
  const waiting = asked([], { signal: stop.signal });
  stop.abort();
  assert.equal((await waiting).answer, undefined);
});
