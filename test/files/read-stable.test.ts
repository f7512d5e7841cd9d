import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { maxFileSize, type ReadCalls, readStable } from '../../src/files/read-stable.ts';
import { outputOf, start } from '../support/child.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

/** The real file system, at a time long after whatever the test wrote, and without waiting. */
const later: ReadCalls = {
  openSync,
  fstatSync,
  readSync,
  closeSync,
  now: () => Date.now() + 60_000,
  pause: () => undefined,
};

function fileOf(t: TestContext, content: string): string {
  const file = join(scratch(t), 'a.crt');
  writeFileSync(file, content);
  return file;
}

const textOf = (result: ReturnType<typeof readStable>): string =>
  result.ok ? Buffer.from(result.value).toString() : result.error.code;

test('a file is read whole, however little each call gives', (t) => {
  const content = 'x'.repeat(1000);
  const file = fileOf(t, content);
  const trickle: ReadCalls = {
    ...later,
    readSync: (fd, buffer, offset, length, position) => readSync(fd, buffer, offset, Math.min(7, length), position),
  };
  assert.equal(textOf(readStable(file, trickle)), content);
  assert.equal(textOf(readStable(fileOf(t, ''), later)), '');
});

/** Calls that do something once, right after the first read of the file. */
function afterFirstRead(action: () => void): ReadCalls {
  let done = false;
  return {
    ...later,
    readSync(fd, buffer, offset, length, position) {
      const read = readSync(fd, buffer, offset, done ? length : Math.min(3, length), position);
      if (!done) action();
      done = true;
      return read;
    },
  };
}

test('a file that is rewritten while it is read is read again', (t) => {
  const file = fileOf(t, 'old-old-old');
  assert.equal(
    textOf(
      readStable(
        file,
        afterFirstRead(() => writeFileSync(file, 'new-new-new')),
      ),
    ),
    'new-new-new',
  );
  assert.equal(
    textOf(
      readStable(
        file,
        afterFirstRead(() => writeFileSync(file, 'longer-than-before')),
      ),
    ),
    'longer-than-before',
  );
  assert.equal(
    textOf(
      readStable(
        file,
        afterFirstRead(() => writeFileSync(file, 'short')),
      ),
    ),
    'short',
  );
});

test('of a file that is replaced while it is read, the opened one is read to its end', (t) => {
  const file = fileOf(t, 'old-old-old');
  const replace = () => {
    writeFileSync(`${file}.new`, 'new');
    renameSync(`${file}.new`, file);
  };
  assert.equal(textOf(readStable(file, afterFirstRead(replace))), 'old-old-old');
  assert.equal(textOf(readStable(file, later)), 'new');
});

test('a file that never holds still is given up after five times, waiting between them', (t) => {
  const file = fileOf(t, 'a');
  let [reads, pauses, closed] = [0, 0, 0];
  const restless: ReadCalls = {
    ...later,
    readSync(fd, buffer, offset, length, position) {
      writeFileSync(file, 'b'.repeat(1 + ++reads));
      return readSync(fd, buffer, offset, length, position);
    },
    pause: () => void pauses++,
    closeSync(fd) {
      closed++;
      closeSync(fd);
    },
  };
  assert.equal(textOf(readStable(file, restless)), 'CHANGING');
  assert.deepEqual([pauses, closed], [4, 1]);
});

test('a file written in the last moment is read again later: another write might leave no trace in its times', (t) => {
  const file = fileOf(t, 'one-two');
  const changed = fstatSync(openSync(file, 'r'));
  let now = Math.floor(changed.ctimeMs) + 5;
  let fresh = true;
  const sameTimes: ReadCalls = {
    ...later,
    now: () => now,
    // The second half of a write in the same tick of the file system's clock: size and times stay.
    fstatSync: (fd, options) => {
      const stats = fstatSync(fd, options);
      return {
        size: stats.size,
        mtimeNs: changed.mtimeMs > 0 ? BigInt(Math.floor(changed.mtimeMs)) * 1_000_000n : 0n,
        ctimeNs: BigInt(Math.floor(changed.ctimeMs)) * 1_000_000n,
        isDirectory: () => false,
        isFile: () => true,
      };
    },
    readSync(fd, buffer, offset, length, position) {
      const read = readSync(fd, buffer, offset, length, position);
      if (fresh) writeFileSync(file, 'ONE-TWO');
      fresh = false;
      return read;
    },
    pause: (milliseconds) => {
      now += milliseconds;
    },
  };
  assert.equal(textOf(readStable(file, sameTimes)), 'ONE-TWO');
});

const refused: [what: string, make: (folder: string) => string, code: string][] = [
  ['a folder', (folder) => folder, 'EISDIR'],
  ['nothing', (folder) => join(folder, 'nothing'), 'ENOENT'],
  ['a file beyond any flash', (folder) => sparse(join(folder, 'disk.img')), 'TOO_LARGE'],
];
for (const [what, make, code] of refused) {
  test(`${what} is refused`, (t) => assert.equal(textOf(readStable(make(scratch(t)))), code));
}

test('a pipe is refused without waiting', { skip: process.platform === 'win32' }, (t) => {
  const pipe = join(scratch(t), 'pipe');
  outputOf('mkfifo', [pipe]);
  assert.equal(textOf(readStable(pipe)), 'SPECIAL');
});

function sparse(file: string): string {
  writeFileSync(file, '');
  truncateSync(file, maxFileSize + 1);
  return file;
}

const writer = `
  const { writeFileSync } = require('node:fs');
  const [file] = process.argv.slice(1);
  for (let turn = 0; ; turn++) {
    writeFileSync(file, Buffer.alloc(30_000 + (turn % 2) * 10_000, 'ab'[turn % 2]));
    if (turn === 0) process.stdout.write('ready');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, turn % 40);
  }`;

test('while another process keeps rewriting a file, one of its contents is read, or an error, never a mixture', async (t) => {
  const file = join(scratch(t), 'a.crt');
  const child = start(t, process.execPath, ['-e', writer, file]);
  await once(child.stdout, 'data');
  const seen = new Map<string, number>();
  // On a busy machine the other process may sleep for long with the file truncated: go on until it has written.
  const whole = () => (seen.get('1 letters, a30000') ?? 0) + (seen.get('1 letters, b40000') ?? 0);
  let turn = 0;
  await until(() => {
    const result = readStable(file);
    const text = textOf(result);
    const what = result.ok && text !== '' ? `${new Set(text).size} letters, ${text[0]}${text.length}` : text;
    seen.set(what, (seen.get(what) ?? 0) + 1);
    return ++turn >= 60 && whole() > 0;
  }, 'it was read whole');
  const allowed = ['1 letters, a30000', '1 letters, b40000', 'CHANGING', ''];
  assert.deepEqual(
    [...seen.keys()].filter((what) => !allowed.includes(what)),
    [],
  );
});
