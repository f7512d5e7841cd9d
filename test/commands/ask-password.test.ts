import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { askPassword, type TerminalInput } from '../../src/commands/ask-password.ts';

class Keyboard extends EventEmitter implements TerminalInput {
  isTTY = true;
  raw = false;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  resume(): void {}
  pause(): void {}
}

/** Types chunks and gives what came of it. */
async function type(...chunks: (string | Uint8Array)[]) {
  const keyboard = new Keyboard();
  let [shown, interrupted] = ['', false];
  const output = { isTTY: true, write: (text: string) => (shown += text) };
  const asked = askPassword('Password: ', keyboard, output, () => (interrupted = true));
  for (const chunk of chunks) {
    assert.equal(keyboard.raw, true, 'without echo');
    keyboard.emit('data', typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }
  const password = await asked;
  assert.equal(keyboard.raw, false);
  assert.equal(keyboard.listenerCount('data'), 0);
  assert.equal(shown, 'Password: \n', 'nothing of it is shown');
  return { password, interrupted };
}

const typed: [what: string, chunks: (string | Uint8Array)[], password: string | undefined][] = [
  ['key by key', [...'secret', '\r'], 'secret'],
  ['pasted at once', ['secret\n'], 'secret'],
  ['corrected', ['secrex\x7ft\r'], 'secret'],
  ['the line erased', ['wrong\x15secret\r'], 'secret'],
  ['erased beyond its start', ['\x7f\x7fa\r'], 'a'],
  ['arrows between', ['sec', '\x1b[A', 'ret\r'], 'secret'],
  ['letters beyond ASCII, a byte at a time', [Uint8Array.of(0xc3), Uint8Array.of(0xbc), '\r'], 'ü'],
  ['an emoji erased', ['a\u{1F600}\x7fb\r'], 'ab'],
  ['blanks kept', [' a b \r'], ' a b '],
  ['nothing', ['\r'], undefined],
  ['Ctrl-D at once', ['\x04'], undefined],
  ['Ctrl-D behind it', ['secret\x04'], 'secret'],
];
for (const [what, chunks, password] of typed) {
  test(`a password is typed: ${what}`, async () => {
    assert.deepEqual(await type(...chunks), { password, interrupted: false });
  });
}

test('Ctrl-C interrupts', async () => {
  assert.deepEqual(await type('sec', '\x03'), { password: undefined, interrupted: true });
});

test('where input or output is no terminal, nobody is asked', async () => {
  for (const [input, output] of [
    [false, true],
    [true, false],
  ] as const) {
    const keyboard = new Keyboard();
    keyboard.isTTY = input;
    const write = () => assert.fail('a question');
    assert.equal(await askPassword('?', keyboard, { isTTY: output, write }, assert.fail), undefined);
  }
});
