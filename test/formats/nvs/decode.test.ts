import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, recognises } from '../../../src/formats/nvs/decode.ts';
import type { NvsEntry } from '../../../src/formats/nvs/model.ts';
import { active, type BuiltItem, blob, corrupt, flash, freeing, full, namespace } from '../../support/nvs-builder.ts';

const text = (value: NvsEntry['value']) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value);

function read(image: Uint8Array) {
  const decoded = decode(image);
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
  const { entries, warnings } = decoded.value;
  return {
    ...decoded.value,
    values: Object.fromEntries(entries.map((one) => [`${one.namespace}.${one.key}`, text(one.value)])),
    messages: warnings.map((one) => one.message),
    reasons: warnings.map((one) => one.reason),
  };
}

const u8 = (key: string, value: number, more: Partial<BuiltItem> = {}): BuiltItem => ({
  namespace: 1,
  type: 'u8',
  key,
  value,
  ...more,
});
const string = (key: string, data: string, more: Partial<BuiltItem> = {}): BuiltItem => ({
  namespace: 1,
  type: 'string',
  key,
  data: `${data}\0`,
  ...more,
});
const ns = namespace('wss_ca', 1);

test('pages are read by their sequence numbers, wherever they lie', () => {
  const image = flash(
    { sequence: 8, items: [u8('c', 3)] },
    undefined,
    { sequence: 6, state: full, items: [ns, u8('a', 1)] },
    { sequence: 7, state: full, items: [u8('b', 2)] },
  );
  const { entries, values, warnings, pages } = read(image);
  assert.deepEqual(
    entries.map((one) => one.key),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(values, { 'wss_ca.a': 1, 'wss_ca.b': 2, 'wss_ca.c': 3 });
  assert.deepEqual(warnings, []);
  assert.deepEqual(pages, [
    { page: 0, state: 'active', sequence: 8, version: 2, used: 1, erased: 0, free: 125 },
    { page: 1, state: 'empty', used: 0, erased: 0, free: 126 },
    { page: 2, state: 'full', sequence: 6, version: 2, used: 2, erased: 0, free: 124 },
    { page: 3, state: 'full', sequence: 7, version: 2, used: 1, erased: 0, free: 125 },
  ]);
});

test('a namespace may be defined on a later page than its keys, after the first was moved', () => {
  const image = flash({ sequence: 1, state: full, items: [u8('a', 1)] }, { sequence: 2, items: [ns] });
  assert.deepEqual(read(image).values, { 'wss_ca.a': 1 });
});

test('erased entries are gone, their slots are counted', () => {
  const image = flash({ items: [ns, string('old', 'x'.repeat(40), { mark: 'erased' }), u8('new', 2)] });
  const { values, pages, warnings } = read(image);
  assert.deepEqual(values, { 'wss_ca.new': 2 });
  assert.equal(pages[0]?.erased, 3);
  assert.deepEqual(warnings, []);
});

test('a page that was being freed is read, and what was copied already counts once', () => {
  const image = flash(
    { state: freeing, sequence: 3, items: [ns, u8('a', 1), ...blob(1, 'b', 'certificate'), u8('c', 3)] },
    { state: active, sequence: 4, items: [ns, u8('a', 1), ...blob(1, 'b', 'certificate')] },
  );
  const { values, warnings, namespaces, entries } = read(image);
  assert.deepEqual(values, { 'wss_ca.a': 1, 'wss_ca.b': 'certificate', 'wss_ca.c': 3 });
  assert.equal(entries.length, 3);
  assert.deepEqual(namespaces, ['wss_ca']);
  assert.deepEqual(warnings, []);
});

for (const [what, page, reason] of [
  ['given up by the device', { state: corrupt, items: [u8('a', 1)] }, 'its state is 0x0, given up'],
  ['with a wrong header', { brokenHeader: true, items: [u8('a', 1)] }, 'the checksum of its header is wrong'],
  ['of another version', { version: 0xfd, items: [u8('a', 1)] }, 'its version byte is 0xfd; 0xfe is 2, 0xff is 1'],
] as const) {
  test(`a page ${what} is skipped`, () => {
    const { values, messages, pages } = read(flash({ items: [ns, u8('z', 9)] }, page));
    assert.deepEqual(values, { 'wss_ca.z': 9 });
    assert.deepEqual(messages, [`page 1 is skipped: ${reason}`]);
    assert.deepEqual(pages[1], { page: 1, state: 'corrupt', used: 0, erased: 0, free: 0 });
  });
}

test('a page that says it is unused, but is not erased, is skipped', () => {
  const image = flash({ items: [ns] }, undefined);
  image[4096 + 700] = 0;
  assert.deepEqual(read(image).messages, ['page 1 is skipped: it says that it is unused, but it is not erased']);
});

test('an entry with a wrong checksum is skipped, and the span it states is not followed', () => {
  const image = flash({ items: [ns, u8('bad', 1, { broken: 'head', span: 100 }), u8('good', 2)] });
  const { values, warnings, looksEncrypted } = read(image);
  assert.deepEqual(values, { 'wss_ca.good': 2 });
  assert.deepEqual(warnings, [
    {
      reason: 'crc',
      page: 0,
      slot: 1,
      message: 'page 0, slot 1: 1 slot skipped: no entry with a right checksum starts there',
    },
  ]);
  assert.equal(looksEncrypted, false);
});

test('data with a wrong checksum is skipped with its entry', () => {
  const { values, messages } = read(flash({ items: [ns, string('s', 'secret', { broken: 'data' }), u8('a', 1)] }));
  assert.deepEqual(values, { 'wss_ca.a': 1 });
  assert.deepEqual(messages, ['page 0, slot 1: "s" is skipped: the checksum of its 7 bytes is wrong']);
});

test('an entry that states a span other than its data takes is skipped', () => {
  const { values, reasons } = read(flash({ items: [ns, u8('a', 1, { span: 3 }), u8('b', 2), u8('c', 3)] }));
  assert.deepEqual(values, { 'wss_ca.b': 2, 'wss_ca.c': 3 });
  assert.deepEqual(reasons, ['unreadable']);
});

test('a last entry that the power cut short is skipped', () => {
  const long = 'x'.repeat(50);
  const torn = read(flash({ items: [ns, u8('a', 1), string('s', long, { mark: 'torn' })] }));
  assert.deepEqual(torn.values, { 'wss_ca.a': 1 });
  assert.deepEqual(torn.messages, ['page 0, slot 2: "s" was not written to its end and is skipped']);
  const unmarked = read(flash({ items: [ns, u8('a', 1, { mark: 'empty' })] }));
  assert.deepEqual(unmarked.messages, ['page 0, slot 1: has data, but was never marked as written']);
});

test('of two versions of a blob the newer counts, whichever half of the chunk numbers it has', () => {
  for (const [older, newer] of [
    [0x00, 0x80],
    [0x80, 0x00],
  ] as const) {
    const image = flash(
      { state: full, items: [ns, ...blob(1, 'k', 'old', older)] },
      { sequence: 1, items: [...blob(1, 'k', 'newer', newer)] },
    );
    const { values, reasons, entries } = read(image);
    assert.deepEqual(values, { 'wss_ca.k': 'newer' });
    assert.equal(entries.length, 1);
    // The old index, and the old chunk that belongs to nothing now.
    assert.deepEqual(reasons, ['duplicate', 'orphan']);
  }
});

test('a new blob version without its index leaves the old one in force', () => {
  const [chunk] = blob(1, 'k', 'half', 0x80);
  const { values, messages } = read(flash({ items: [ns, ...blob(1, 'k', 'whole'), chunk!] }));
  assert.deepEqual(values, { 'wss_ca.k': 'whole' });
  assert.deepEqual(messages, ['page 0, slot 4: chunk 128 of blob "k" belongs to no blob that is there']);
});

test('a blob is put together from chunks on several pages, and missing ones are said', () => {
  const part = (chunk: number, data: string): BuiltItem => ({ namespace: 1, type: 'blobData', key: 'k', data, chunk });
  const index = (size: number): BuiltItem => ({ namespace: 1, type: 'blobIndex', key: 'k', size, chunks: 3, start: 0 });
  const pages = (size: number, ...last: BuiltItem[]) =>
    flash({ state: full, items: [ns, part(0, 'abc')] }, { items: [part(1, ''), ...last, index(size)] });
  assert.deepEqual(read(pages(5, part(2, 'de'))).values, { 'wss_ca.k': 'abcde' });
  const missing = read(pages(5));
  assert.deepEqual(missing.values, {});
  assert.deepEqual(missing.messages, ['page 1, slot 1: blob "k" is skipped: chunk 3 of 3 is not there']);
  const short = read(pages(6, part(2, 'de')));
  assert.deepEqual(short.messages, [
    'page 1, slot 3: blob "k" is skipped: its chunks have 5 bytes together, not 6 bytes',
  ]);
});

test('blobs of version 1 are read, and give way to a version 2 blob of the same key', () => {
  const old: BuiltItem = { namespace: 1, type: 'wholeBlob', key: 'k', data: 'old' };
  assert.deepEqual(read(flash({ version: 0xff, items: [ns, old] })).values, { 'wss_ca.k': 'old' });
  const both = read(flash({ version: 0xff, state: full, items: [ns, old] }, { items: blob(1, 'k', 'new') }));
  assert.deepEqual(both.values, { 'wss_ca.k': 'new' });
});

test('one key with two types, as older firmware allows, is two entries', () => {
  const { entries } = read(flash({ items: [ns, u8('k', 1), string('k', 'one')] }));
  assert.deepEqual(
    entries.map((one) => one.type),
    ['u8', 'string'],
  );
});

test('keys of a namespace that is not there are reported and left out', () => {
  const { values, messages } = read(flash({ items: [ns, u8('a', 1, { namespace: 7 })] }));
  assert.deepEqual(values, {});
  assert.deepEqual(messages, ['page 0, slot 1: "a" belongs to namespace 7, which is not there']);
});

test('of two namespaces with one number, or two numbers for one name, the first counts', () => {
  const { namespaces, messages } = read(flash({ items: [ns, namespace('other', 1), namespace('wss_ca', 2)] }));
  assert.deepEqual(namespaces, ['wss_ca']);
  assert.deepEqual(messages, [
    'page 0, slot 1: namespace "other" has the number of "wss_ca" and is left out',
    'page 0, slot 2: namespace "wss_ca" is there twice: what is under number 2 is not found on the device',
  ]);
});

test('a string that is no text comes as its bytes', () => {
  const item: BuiltItem = { namespace: 1, type: 'string', key: 's', data: new Uint8Array([0xe9, 0x41, 0]) };
  const { entries } = read(flash({ items: [ns, item] }));
  assert.deepEqual(entries[0]?.value, new Uint8Array([0xe9, 0x41]));
});

test('an erased partition is empty, other bytes are no NVS', () => {
  const erased = read(flash(undefined, undefined, undefined));
  assert.deepEqual([erased.entries, erased.namespaces, erased.warnings], [[], [], []]);
  const zeros = decode(new Uint8Array(8192));
  assert.ok(!zeros.ok);
  assert.equal(zeros.error.message, 'none of its 2 pages has the header of an NVS page');
  const short = decode(new Uint8Array(100));
  assert.ok(!short.ok);
  assert.equal(short.error.message, 'has 100 bytes; one page of NVS alone takes 4096');
});

test('an image is found in a dump that goes on behind it, or starts with a freed page', () => {
  const image = flash(undefined, { items: [ns, u8('a', 1)] });
  const dump = new Uint8Array(image.length + 5000).fill(0xff);
  dump.set(image);
  assert.ok(recognises(dump));
  const { values, messages } = read(dump);
  assert.deepEqual(values, { 'wss_ca.a': 1 });
  assert.deepEqual(messages, ['the last 904 bytes are no whole page and are left out']);
  assert.equal(recognises(new Uint8Array(20_000)), false);
  assert.equal(recognises(new Uint8Array(20_000).fill(0xff)), false);
  assert.equal(recognises(new Uint8Array(10)), false);
});
