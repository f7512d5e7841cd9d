import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { atpki, maxItemLength } from '../../../src/formats/atpki/format.ts';
import type { Entry, Kind } from '../../../src/formats/format.ts';
import { fixtures } from '../../support/paths.ts';

const golden = join(fixtures, 'golden/atpki');
const { cases } = JSON.parse(readFileSync(join(golden, 'manifest.json'), 'utf8')) as {
  cases: { name: string; args: string[] }[];
};

for (const { name, args } of cases) {
  test(`packs ${name} as the reference does`, () => {
    const entries = pairs(args).map(([kind, file]) => {
      return { kind: kind as Kind, name: file, bytes: readFileSync(join(fixtures, 'pki', file)) };
    });
    const packed = atpki.encode(entries);
    assert.ok(packed.ok);
    assert.deepEqual(Buffer.from(packed.value.image), readFileSync(join(golden, `${name}.bin`)));
    assert.equal(packed.value.used, packed.value.image.length);
  });
}

const pairs = (words: readonly string[]): [string, string][] =>
  words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : []));

test('the example of the ESP-AT manual: two 1164-byte client certificates', () => {
  const entry: Entry = { kind: 'cert', name: 'a', bytes: new Uint8Array(1164) };
  const packed = atpki.encode([entry, entry]);
  assert.ok(packed.ok);
  assert.equal(packed.value.image.length, 2344);
  assert.equal(hexOf(packed.value.image.subarray(0, 12)), 'f1f10200200900000200 8c04'.replaceAll(' ', ''));
  assert.equal(hexOf(packed.value.image.subarray(8 + 1168, 8 + 1172)), '02018c04');
});

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const entries = (maxLength: number) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom<Kind>('ca', 'cert', 'key'),
      name: fc.string(),
      bytes: fc.uint8Array({ maxLength }),
    }),
    { maxLength: 40 },
  );

test('what was packed is what comes out: grouped by kind, numbered within it, in the order given', () => {
  fc.assert(
    fc.property(entries(300), (given) => {
      const packed = atpki.encode(given);
      assert.ok(packed.ok);
      const back = atpki.decode(packed.value.image);
      assert.ok(back.ok);
      const kinds = [...new Set(given.map(({ kind }) => kind))];
      const expected = kinds.flatMap((kind) =>
        given.filter((one) => one.kind === kind).map(({ bytes }, id) => ({ kind, id, bytes: hexOf(bytes) })),
      );
      assert.deepEqual(
        back.value.map(({ kind, id, bytes }) => ({ kind, id, bytes: hexOf(bytes) })),
        expected,
      );
      assert.deepEqual(
        packed.value.items.map(({ offset, length }) => [offset, length]),
        back.value.map(({ offset, length }) => [offset, length]),
      );
    }),
  );
});

test('an item of 65,535 bytes is packed, one more byte is refused by name', () => {
  const entryOf = (length: number): Entry => ({ kind: 'ca', name: 'big.crt', bytes: new Uint8Array(length) });
  assert.ok(atpki.encode([entryOf(maxItemLength)]).ok);
  const refused = atpki.encode([entryOf(10), entryOf(maxItemLength + 1)]);
  assert.ok(!refused.ok);
  assert.deepEqual(refused.error, [
    { code: 'item-size', entry: 1, message: 'big.crt has 65,536 bytes; an item of a PKI bin holds at most 65,535' },
  ]);
});

test('256 files of one type are packed, 257 refused', () => {
  const many = (count: number) =>
    Array.from({ length: count }, () => ({ kind: 'ca', name: 'a', bytes: new Uint8Array(1) }) as const);
  assert.ok(atpki.encode([...many(256), { kind: 'key', name: 'k', bytes: new Uint8Array(1) }]).ok);
  const refused = atpki.encode(many(257));
  assert.ok(!refused.ok);
  assert.equal(refused.error[0]?.message, '257 files of type ca; a PKI bin numbers at most 256 of one type');
});

test('a file that is neither CA, certificate nor key has no place in a PKI bin', () => {
  const refused = atpki.encode([{ kind: 'data', name: 'x.bin', bytes: new Uint8Array(1) }]);
  assert.ok(!refused.ok);
  assert.equal(refused.error[0]?.code, 'item-kind');
});

const whole = readFileSync(join(golden, 'client_cert.bin'));
const edited = (at: number, value: number): Uint8Array => {
  const bytes = Buffer.from(whole);
  bytes[at] = value;
  return bytes;
};
const broken: [what: string, bytes: Uint8Array, offset: number, message: RegExp][] = [
  ['nothing', new Uint8Array(), 0, /ends after 0 bytes/],
  ['a header cut short', whole.subarray(0, 7), 7, /ends after 7 bytes/],
  ['another magic', edited(1, 0xf2), 0, /starts with 0xf1f2/],
  ['a length beyond the end', whole.subarray(0, 1000), 4, /says that 2,216 bytes follow, but there are 992/],
  ['a count too high', edited(2, 3), 2, /says 3 items, but 2 are there/],
  ['a count too low', edited(2, 1), 2, /says 1 item, but 2 are there/],
  ['an unknown type', edited(8, 9), 8, /item type 9 is unknown/],
  ['an item longer than the bin', edited(11, 0xff), 8, /only 2,212 are left/],
];
for (const [what, bytes, offset, message] of broken) {
  test(`a bin with ${what} is refused, with the offset at fault`, () => {
    const decoded = atpki.decode(bytes);
    assert.ok(!decoded.ok);
    assert.equal(decoded.error.offset, offset);
    assert.match(decoded.error.message, message);
  });
}

test('random and mutated bytes are decoded or refused, never followed beyond their end', () => {
  const mutated = fc
    .tuple(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(whole.length))
    .map(([edits, length]) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of edits) bytes[at] = value;
      return bytes.subarray(0, length);
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
      const decoded = atpki.decode(bytes);
      if (!decoded.ok) assert.ok(decoded.error.offset <= bytes.length);
      else for (const item of decoded.value) assert.ok(item.offset + 4 + item.length <= bytes.length);
    }),
    { numRuns: 2000 },
  );
});
