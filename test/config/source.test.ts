import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placesIn, sourceOf, sourceWithoutPlaces, type Tree } from '../../src/config/source.ts';

const file = '/project/pki.config.json';

/** `line:column+length text` of the stretch between `[` and `]`. */
function placed(marked: string): string {
  const offset = marked.indexOf('[');
  const text = marked.replace(/[[\]]/g, '');
  const {
    line,
    column,
    length,
    text: whole,
  } = placesIn(file, text)({ offset, length: marked.indexOf(']') - 1 - offset });
  return `${line}:${column}+${length} ${whole}`;
}

const places: [what: string, marked: string, expected: string][] = [
  ['at the start', '[a]: 1', '1:1+1 a: 1'],
  ['after LF', 'a\nb [c]\nd', '2:3+1 b c'],
  ['after CRLF', 'a\r\nb [c]\r\nd', '2:3+1 b c'],
  ['within CRLF: at the end of its line', 'ab\r[\n]c', '1:3+1 ab'],
  ['after CR alone', 'a\rb [c]\rd', '2:3+1 b c'],
  ['after empty lines', '\n\r\n\n[c]', '4:1+1 c'],
  ['at the end of a line', 'a\nbc[]\nd', '2:3+1 bc'],
  ['at the end of the text', 'a\nbc\n[]', '3:1+1 '],
  ['over several lines: on its first', 'a [b\nc]', '1:3+1 a b'],
  ['from a line break on', 'ab[\nc]', '1:3+1 ab'],
  ['behind a byte order mark', '\ufeffab[c]', '1:3+1 abc'],
  ['at a byte order mark', '[\ufeffa]b', '1:1+1 ab'],
  ['after a byte order mark and a line', '\ufeffa\nb[c]', '2:2+1 bc'],
  ['behind characters of two units', '"🔑" [c]', '1:6+1 "🔑" c'],
  ['in an empty text', '[]', '1:1+1 '],
];
for (const [what, marked, expected] of places) test(`a place ${what}`, () => assert.equal(placed(marked), expected));

test('every offset has its line and column', () => {
  const text = fc.array(fc.constantFrom('a', 'é', '🔑', '\n', '\r\n', '\r', '\t', ' ')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.nat(), (whole, at) => {
      const offset = at % (whole.length + 1);
      const { line = 0, column = 0 } = placesIn(file, whole)({ offset, length: 1 });
      // Between the two characters of a CRLF the line has ended, and the next has not begun.
      const split = whole.slice(offset - 1, offset + 1) === '\r\n';
      const lines = whole.slice(0, split ? offset - 1 : offset).split(/\r\n|\n|\r/);
      assert.deepEqual([line, column], [lines.length, (lines.at(-1) ?? '').length + 1]);
    }),
  );
});

test('the text of a place shows no key that stands in it', () => {
  const text = 'a: |\n  -----BEGIN EC PRIVATE KEY-----\n  c2VjcmV0\n  -----END EC PRIVATE KEY-----\nb: 1\n';
  const place = placesIn(file, text);
  assert.equal(place({ offset: text.indexOf('c2Vj'), length: 3 }).text, '  ********');
  assert.equal(place({ offset: text.indexOf('b:'), length: 1 }).text, 'b: 1');
});

const stretches: Readonly<Record<string, [offset: number, length: number]>> = {
  'value:': [0, 20],
  'key:a': [1, 1],
  'value:a': [4, 3],
  'value:a.b': [5, 1],
};
const tree: Tree = {
  locate(path, what) {
    const found = stretches[`${what}:${path.join('.')}`];
    return found && { offset: found[0], length: found[1] };
  },
};
const columns: [what: 'key' | 'value', path: string[], column: number][] = [
  ['value', ['a', 'b'], 6],
  ['value', ['a'], 5],
  ['key', ['a'], 2],
  // Where there is no name, the value.
  ['key', ['a', 'b'], 6],
  // What is not there is shown at what lacks it.
  ['value', ['a', 'c', 'd'], 2],
  ['key', ['x'], 1],
];
for (const [what, path, column] of columns) {
  test(`the ${what} of ${path.join('.')} is at column ${column}`, () => {
    assert.equal(sourceOf(file, 'x'.repeat(20), tree).place(path, what).column, column);
  });
}

test('a program has a file and no more', () => {
  assert.deepEqual(sourceWithoutPlaces(file).place(['a']), { file });
});
