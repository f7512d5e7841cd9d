import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '../../../src/formats/nvs/encode.ts';
import type { NvsContent, NvsEntry, NvsSettings } from '../../../src/formats/nvs/model.ts';
import { growsLinearly } from '../../support/growth.ts';

const size = 0x3000;
const hexAt = (image: Uint8Array, from: number, to: number) => Buffer.from(image.subarray(from, to)).toString('hex');

function made(content: NvsContent, settings: NvsSettings = { size }) {
  const encoded = encode(content, settings);
  assert.ok(encoded.ok, encoded.ok ? '' : encoded.error.map((one) => one.message).join('; '));
  return encoded.value;
}

function problems(content: NvsContent, settings: NvsSettings = { size }) {
  const encoded = encode(content, settings);
  assert.ok(!encoded.ok, 'it was taken');
  return encoded.error;
}

const one = (entry: NvsEntry, settings?: NvsSettings) => problems({ entries: [entry] }, settings);
const blob = (key: string, length: number): NvsEntry => ({
  namespace: 'ns',
  key,
  type: 'blob',
  value: new Uint8Array(length),
});

test('an entry is laid out as the format says', () => {
  const { image } = made({ entries: [{ namespace: 'ns1', key: 'k', type: 'u8', value: 5 }] });
  assert.equal(hexAt(image, 64, 96), `000101ff79944e386e7331${'00'.repeat(13)}01${'ff'.repeat(7)}`);
  assert.equal(hexAt(image, 96, 128), `010101ff7d8a6a136b${'00'.repeat(15)}05${'ff'.repeat(7)}`);
  assert.equal(hexAt(image, 0, 12), 'feffffff00000000feffffff');
  assert.equal(hexAt(image, 28, 34), '842dbab9faff');
});

test('a blob is a chunk and an index', () => {
  const { image } = made({
    entries: [{ namespace: 'n', key: 'a', type: 'blob', value: new Uint8Array([0, 255, 16]) }],
  });
  const key = `61${'00'.repeat(15)}`;
  assert.equal(hexAt(image, 96, 128), `01420200fcc22437${key}0300ffffe9126c71`);
  assert.equal(hexAt(image, 128, 160), `00ff10${'ff'.repeat(29)}`);
  assert.equal(hexAt(image, 160, 192), `014801ff9c6629b4${key}030000000100ffff`);
});

test('the input is not changed and the image does not share its memory', () => {
  const value = new Uint8Array([1, 2, 3]);
  const { image } = made({ entries: [{ namespace: 'n', key: 'a', type: 'blob', value }] });
  image.fill(0);
  assert.deepEqual(value, new Uint8Array([1, 2, 3]));
});

for (const [bytes, code, message] of [
  [
    0,
    'partition-full',
    'an NVS partition of 0 bytes is too small: the firmware needs at least 12,288, one page of them erased',
  ],
  [
    0x2000,
    'partition-full',
    'an NVS partition of 8,192 bytes is too small: the firmware needs at least 12,288, one page of them erased',
  ],
  [12289, 'partition-alignment', 'an NVS partition of 12289 bytes is not a multiple of 4,096'],
  [
    -12288,
    'partition-full',
    'an NVS partition of -12,288 bytes is too small: the firmware needs at least 12,288, one page of them erased',
  ],
  [Number.NaN, 'partition-alignment', 'an NVS partition of NaN bytes is not a multiple of 4,096'],
  [2 ** 40, 'partition-outside', 'an NVS partition of 1,099,511,627,776 bytes is larger than any flash (128M)'],
] as const) {
  test(`a partition of ${bytes} bytes is refused before anything is allocated`, () => {
    assert.deepEqual(problems({ entries: [] }, { size: bytes }), [{ code, message }]);
  });
}

test('out of space says how much is missing and which entries are the largest', () => {
  const entries = [blob('small', 10), blob('huge', 16_000), blob('big', 5_000), blob('medium', 2_000)];
  assert.deepEqual(problems({ entries }), [
    {
      code: 'partition-full',
      message:
        'the entries need 735 slots on 6 pages, 12K offer 252 on 2: 483 slots and 4 pages missing; ' +
        'the largest: ns.huge (506 slots), ns.big (160 slots), ns.medium (65 slots)',
      hint: 'a partition of 28K holds them',
    },
  ]);
  made({ entries }, { size: 28 * 1024 });
  assert.equal(problems({ entries }, { size: 24 * 1024 })[0]?.code, 'partition-full');
});

test('namespaces alone can be too many for a partition', () => {
  const namespaces = Array.from({ length: 254 }, (_, index) => `n${index}`);
  const [problem] = problems({ namespaces, entries: [] });
  assert.equal(
    problem?.message,
    'the entries need 254 slots on 3 pages, 12K offer 252 on 2: 2 slots and 1 page missing',
  );
});

test('content without entries is one empty active page', () => {
  const { image } = made({ entries: [] });
  assert.equal(hexAt(image, 0, 12), 'feffffff00000000feffffff');
  assert.ok(image.subarray(32).every((byte) => byte === 0xff));
});

test('keys are refused that the device could not find', () => {
  const u8 = (namespace: string, key: string): NvsEntry => ({ namespace, key, type: 'u8', value: 1 });
  const messages = problems({
    entries: [
      u8('', 'early'),
      u8('ns', ''),
      u8('ns', 'sixteen_letters_'),
      u8('ns', 'ééééééééé'),
      u8('ns', 'k'),
      u8('ns', 'k'),
    ],
  }).map(({ code, entry, field, message }) => `${code} ${entry} ${field}: ${message}`);
  assert.deepEqual(messages, [
    'nvs-name 0 namespace: key "early" stands before any namespace',
    'nvs-name 1 key: a key is empty',
    'nvs-name 2 key: key "sixteen_letters_" has 16 bytes; NVS takes at most 15',
    'nvs-name 3 key: key "ééééééééé" has 18 bytes; NVS takes at most 15',
    'nvs-name 5 key: key "k" stands twice in namespace "ns"',
  ]);
});

test('namespaces are refused that the device could not open', () => {
  const messages = (namespaces: string[]) => problems({ namespaces, entries: [] }).map((problem) => problem.message);
  assert.deepEqual(messages(['a', 'b', 'a']), ['namespace "a" stands twice']);
  assert.deepEqual(messages(['sixteen_letters_']), ['namespace "sixteen_letters_" has 16 bytes; NVS takes at most 15']);
  assert.deepEqual(messages(['']), ['a namespace is empty']);
  const many = Array.from({ length: 255 }, (_, index) => `n${index}`);
  assert.deepEqual(messages(many), ['255 namespaces; an NVS partition numbers at most 254']);
  made({ namespaces: many.slice(1), entries: [] }, { size: 0x4000 });
});

for (const [type, value, message] of [
  ['u8', 256, 'key "k": 256 is not a u8, which goes from 0 to 255'],
  ['u8', -1, 'key "k": -1 is not a u8, which goes from 0 to 255'],
  ['i8', 128, 'key "k": 128 is not an i8, which goes from -128 to 127'],
  ['i16', 32768, 'key "k": 32768 is not an i16, which goes from -32768 to 32767'],
  ['u32', 1.5, 'key "k": 1.5 is not a u32, which goes from 0 to 4294967295'],
  ['i32', Number.NaN, 'key "k": NaN is not an i32, which goes from -2147483648 to 2147483647'],
  ['u64', 2n ** 64n, 'key "k": 18446744073709551616 is not a u64, which goes from 0 to 18446744073709551615'],
  [
    'i64',
    2n ** 63n,
    'key "k": 9223372036854775808 is not an i64, which goes from -9223372036854775808 to 9223372036854775807',
  ],
] as const) {
  test(`${value} is no ${type}`, () => {
    const entry = { namespace: 'n', key: 'k', type, value } as NvsEntry;
    assert.deepEqual(one(entry), [{ code: 'nvs-value', field: 'value', entry: 0, message }]);
  });
}

test('strings and blobs have the limits of their version', () => {
  const string = (length: number): NvsEntry => ({
    namespace: 'n',
    key: 'k',
    type: 'string',
    value: 'x'.repeat(length),
  });
  const large = { size: 0x100000 };
  made({ entries: [string(3967), blob('b', 508_000)] }, large);
  made({ entries: [string(1983), blob('b', 1984)] }, { size, version: 1 });
  assert.deepEqual(one(string(3968)), [
    {
      code: 'item-size',
      field: 'value',
      entry: 0,
      message: 'the string of key "k" has 3,969 bytes with its NUL; NVS version 2 takes at most 3,968',
      hint: 'store it as a blob',
    },
  ]);
  assert.equal(one(string(1984), { size, version: 1 })[0]?.hint, 'version 2 takes it');
  assert.equal(one(blob('b', 1985), { size, version: 1 })[0]?.code, 'item-size');
  assert.equal(one(blob('b', 508_001), large)[0]?.code, 'item-size');
});

test('a string that the device would cut short is refused, and not repeated in the message', () => {
  const [problem] = one({ namespace: 'n', key: 'k', type: 'string', value: 'pass\0word' });
  assert.equal(problem?.message, 'the string of key "k" has a NUL at character 5, where the device would stop');
  assert.equal(one({ namespace: 'n', key: 'k', type: 'string', value: '\ud800' })[0]?.code, 'nvs-value');
});

test('images are encoded in time in line with their size', async () => {
  await growsLinearly(20, (count) => {
    const entries = Array.from({ length: count }, (_, index) => blob(`cert${index}`, 1_600));
    return () => made({ entries }, { size: Math.ceil((count * 1_800) / 4096 + 3) * 4096 });
  });
});
