import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt } from '../../../src/core/diagnostics/excerpt.ts';
import { displayWidth } from '../../../src/core/text.ts';
import { growsLinearly } from '../../support/growth.ts';

const file = '/project/pki.config.json';

/** The excerpt of a line in which `[` and `]` stand around the place. */
function marked(line: string, number = 7): string[] {
  const from = line.indexOf('[');
  const to = line.indexOf(']') - 1;
  const text = line.replace(/[[\]]/g, '');
  return excerpt({ file, line: number, column: from + 1, length: to - from, text });
}

test('the line and the place in it, behind the number of the line', () => {
  assert.deepEqual(marked('    ["ofset"]: "0x2e000",'), ['7 │     "ofset": "0x2e000",', '  │     ~~~~~~~']);
  assert.deepEqual(marked('["a"]: 1', 1234), ['1234 │ "a": 1', '     │ ~~~']);
});

test('nothing without a line, the line alone without a column', () => {
  assert.deepEqual(excerpt({ file }), []);
  assert.deepEqual(excerpt({ file, line: 3 }), []);
  assert.deepEqual(excerpt({ file, line: 3, text: 'a: 1' }), ['3 │ a: 1']);
});

test('one character is marked where no length is given, and behind the end of a line', () => {
  assert.deepEqual(excerpt({ file, line: 1, column: 3, text: 'a: 1' }), ['1 │ a: 1', '  │   ~']);
  assert.deepEqual(excerpt({ file, line: 1, column: 5, text: 'a: 1' }), ['1 │ a: 1', '  │     ~']);
  assert.deepEqual(excerpt({ file, line: 1, column: 1, text: '' }), ['1 │ ', '  │ ~']);
});

const shown: [what: string, line: string, expected: [string, string]][] = [
  ['a tab is two columns', '\t\t[x]\ty', ['7 │     x  y', '  │     ~']],
  ['a marked tab as well', 'a[\t]b', ['7 │ a  b', '  │  ~~']],
  ['Chinese is two columns a character', '"证书": ["密钥"]', ['7 │ "证书": "密钥"', '  │         ~~~~~~']],
  ['an emoji is two', '"🔑": [1]', ['7 │ "🔑": 1', '  │       ~']],
  ['a combining mark is none', 'e\u0301: [1]', ['7 │ e\u0301: 1', '  │    ~']],
  ['full-width signs are two', '：[x]', ['7 │ ：x', '  │   ~']],
  ['control characters do not reach the terminal', '\u001b[[2Jx]', ['7 │ \ufffd2Jx', '  │  ~~~']],
  ['nor does one that turns the writing direction', '\u202ea[b]', ['7 │ \ufffdab', '  │   ~']],
  ['half a character is a sign for one', '\ud83da[b]', ['7 │ \ufffdab', '  │   ~']],
  ['a byte order mark is not there', '\ufeffa[b]', ['7 │ ab', '  │  ~']],
];
for (const [what, line, expected] of shown) test(what, () => assert.deepEqual(marked(line), expected));

const filler = (length: number) => '0 '.repeat(length / 2);

test('a long line is cut around the place', () => {
  assert.deepEqual(marked(`${filler(200)}[ofset]${filler(200)}`), [
    `7 │ …${filler(20)}ofset${filler(74)}0…`,
    `  │ ${' '.repeat(21)}~~~~~`,
  ]);
  assert.deepEqual(marked(`[ofset]${filler(200)}`), [`7 │ ofset${filler(94)}0…`, '  │ ~~~~~']);
});

test('at its end the room goes to what stands before', () => {
  assert.deepEqual(marked(`${filler(200)}[ofset]`), [`7 │ … ${filler(94)}ofset`, `  │ ${' '.repeat(96)}~~~~~`]);
  const text = filler(200);
  assert.deepEqual(excerpt({ file, line: 7, column: 201, text }), [`7 │ …${filler(100)}`, `  │ ${' '.repeat(101)}~`]);
});

test('a line of just 100 columns is whole', () => {
  assert.deepEqual(marked(`${filler(98)}[xx]`), [`7 │ ${filler(98)}xx`, `  │ ${' '.repeat(98)}~~`]);
});

test('a place longer than the window is marked as far as it is shown', () => {
  assert.deepEqual(marked(`ab [${filler(300)}]`), [`7 │ ab ${filler(96)}0…`, `  │    ${'~'.repeat(97)}`]);
});

test('a long line is measured in columns, not in characters', () => {
  const line = marked(`"${'证'.repeat(90)}": [1]`);
  assert.deepEqual(line, [`7 │ …${'证'.repeat(48)}": 1`, `  │ ${' '.repeat(100)}~`]);
  assert.ok(displayWidth(line[0] ?? '') <= 4 + 102);
  // A cut never goes through a character of two UTF-16 units.
  assert.ok(
    !marked(`x${'🔑'.repeat(300)}[y]${'🔑'.repeat(300)}`)
      .join('')
      .includes('\ufffd'),
  );
});

test('a place in a long line is cut out of it: the line is not walked for each', async () => {
  await growsLinearly(2_000, (count) => {
    const text = `${'"a": 1, '.repeat(count)}"ofset"`;
    const step = Math.floor(text.length / 500);
    return () => {
      for (let index = 0; index < 500; index++) excerpt({ file, line: 1, column: 1 + index * step, length: 3, text });
    };
  });
});
