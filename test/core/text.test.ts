import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  byCodePoint,
  byNumber,
  count,
  didYouMean,
  displayWidth,
  grouped,
  listed,
  parseBytes,
  printable,
  sizeText,
} from '../../src/core/text.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 8 });

test('by code point is the byte order of UTF-8, also beyond U+FFFF', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(Math.sign(byCodePoint(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  assert.ok(byCodePoint('\uFF01', '\u{1F600}') < 0);
});

test('by number: 2 before 10, whatever the number of digits', () => {
  const sorted = ['ca', 'ca_1', 'ca_2', 'ca_10', `ca_${'9'.repeat(400)}`, `ca_1${'0'.repeat(400)}`, 'cb_1'];
  assert.deepEqual([...sorted].reverse().sort(byNumber), sorted);
  assert.deepEqual(['a01', 'a1', 'a001'].sort(byNumber), ['a001', 'a01', 'a1']);
  assert.ok(byNumber('9007199254740993', '9007199254740992') > 0);
});

test('by number is an order: antisymmetric, and zero for equal names alone', () => {
  const name = fc.string({ unit: fc.constantFrom('0', '1', '2', 'a', '.', '\u{1F600}'), maxLength: 6 });
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      assert.equal(Math.sign(byNumber(a, b)), -Math.sign(byNumber(b, a)) + 0);
      assert.equal(byNumber(a, b) === 0, a === b);
      if (byNumber(a, b) <= 0 && byNumber(b, c) <= 0) assert.ok(byNumber(a, c) <= 0);
    }),
  );
});

const sizes: [string, number | undefined][] = [
  ['8K', 8192],
  ['1m', 1048576],
  ['0x2e000', 0x2e000],
  [' 4096 ', 4096],
  ['0x1K', 1024],
  ['', undefined],
  ['-1', undefined],
  ['1.5K', undefined],
  ['8KB', undefined],
  ['0x', undefined],
  ['9007199254740993', undefined],
  ['constructor', undefined],
];
for (const [written, bytes] of sizes) {
  test(`${JSON.stringify(written)} is ${bytes ?? 'no size'}`, () => assert.equal(parseBytes(written), bytes));
}

test('numbers, sizes and lists as people read them', () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ['0', '999', '1,000', '1,234,567']);
  assert.deepEqual([0, 1023, 1024, 8192, 1048576, 1048577].map(sizeText), ['0', '1023', '1K', '8K', '1M', '1048577']);
  assert.deepEqual(
    [count(1, 'file'), count(2000, 'file'), count(0, 'entry', 'entries')],
    ['1 file', '2,000 files', '0 entries'],
  );
  assert.deepEqual(
    [1, 2, 3, 5, 6].map((length) => listed('abcdef'.slice(0, length).split(''))),
    ['a', 'a and b', 'a, b and c', 'a, b, c, d and e', 'a, b, c, d and 2 more'],
  );
});

test('a mistyped word gets the nearest one, a strange word none', () => {
  const names = ['client_ca', 'client_cert', 'client_key'];
  assert.equal(didYouMean('clinet_ca', names), 'did you mean "client_ca"?');
  assert.equal(didYouMean('CLIENT_KEY', names, ''), 'did you mean client_key?');
  assert.equal(didYouMean('wpa2', names), undefined);
});

test('nothing of a name acts on the terminal', () => {
  assert.equal(printable('a\u001b[2J\n\u0085\u202eb\u2028'), 'a\\x1b[2J\\x0a\\x85\\u202eb\\u2028');
  assert.equal(printable('证书 é \u{1F600} \u200d'), '证书 é \u{1F600} \u200d');
});

test('columns on a terminal', () => {
  assert.deepEqual(['abc', '证书', 'é', 'e\u0301', '\u{1F600}', '█░'].map(displayWidth), [3, 4, 1, 1, 2, 2]);
});
