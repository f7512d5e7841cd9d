import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeTable, encodeTable, isBinaryTable, maxEntries, tableSize } from '../../src/partition-table/binary.ts';
import type { TableEntry } from '../../src/partition-table/model.ts';
import { readTable } from '../../src/partition-table/read.ts';
import { fixtures } from '../support/paths.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(join(fixtures, 'partition-table', name)));

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const name = fc
  .string({ maxLength: 16, unit: 'grapheme' })
  .filter((text) => !text.includes('\0') && new TextEncoder().encode(text).length <= 16);
const entry: fc.Arbitrary<TableEntry> = fc.record(
  {
    name,
    type: fc.integer({ min: 0, max: 255 }),
    subtype: fc.integer({ min: 0, max: 255 }),
    offset: u32,
    size: u32,
    flags: fc.record({ encrypted: fc.boolean(), readonly: fc.boolean() }, { noNullPrototype: true }),
  },
  { noNullPrototype: true },
);

const plain: TableEntry = {
  name: 'client_ca',
  type: 0x40,
  subtype: 7,
  offset: 0x2e000,
  size: 0x2000,
  flags: { encrypted: false, readonly: false },
};

test('a table is, byte for byte, what gen_esp32part.py makes of its CSV', () => {
  const { entries, diagnostics } = readTable(fixture('table.csv'), 'table.csv');
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(Buffer.from(encodeTable(entries)), Buffer.from(fixture('table.bin')));
});

test('decoding what was encoded gives the entries back', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: maxEntries }), (entries) => {
      const table = encodeTable(entries);
      assert.equal(table.length, tableSize);
      assert.deepEqual(decodeTable(table), { ok: true, value: { entries, md5: 'ok' } });
    }),
    { numRuns: 200 },
  );
});

test('a table holds 94 entries and not one more', () => {
  const entries = Array.from({ length: 94 }, (_, index) => ({ ...plain, name: `p${index}` }));
  assert.equal(decodeTable(encodeTable(entries)).ok, true);
  assert.throws(() => encodeTable([...entries, plain]), RangeError);
});

test('a table without a checksum is read, and says so', () => {
  const table = encodeTable([plain]);
  table.fill(0xff, 32, 64);
  assert.deepEqual(decodeTable(table), { ok: true, value: { entries: [plain], md5: 'absent' } });
});

test('what follows the end row is not looked at', () => {
  const flash = new Uint8Array(0x2000).fill(0x55);
  flash.set(encodeTable([plain]));
  assert.equal(decodeTable(flash).ok, true);
  assert.equal(decodeTable(encodeTable([plain]).subarray(0, 96)).ok, true);
});

for (const [what, offset, change] of [
  ['a changed entry', 32, (table: Uint8Array) => table.fill(1, 9, 10)],
  ['a changed checksum', 32, (table: Uint8Array) => table.fill(1, 50, 51)],
  ['an entry behind the checksum', 64, (table: Uint8Array) => table.copyWithin(64, 0, 32)],
  ['a wrong magic', 0, (table: Uint8Array) => table.fill(0, 0, 1)],
  ['a name that is not UTF-8', 12, (table: Uint8Array) => table.fill(0x80, 12, 13)],
  ['no end', 96, (table: Uint8Array) => table.subarray(0, 64)],
  ['an end within an entry', 20, (table: Uint8Array) => table.subarray(0, 20)],
  ['nothing at all', 0, (table: Uint8Array) => table.subarray(0, 0)],
] as const) {
  test(`a broken table is refused: ${what}`, () => {
    const decoded = decodeTable(change(encodeTable([plain])));
    assert.equal(decoded.ok, false);
    if (what !== 'no end') assert.equal(decoded.ok ? undefined : decoded.error.offset, offset);
  });
}

test('a table that is full without an end is refused', () => {
  const row = encodeTable([plain]).subarray(0, 32);
  const table = new Uint8Array(0x4000);
  for (let at = 0; at < table.length; at += 32) table.set(row, at);
  const decoded = decodeTable(table);
  assert.deepEqual(decoded.ok ? undefined : decoded.error.offset, tableSize);
});

test('random and mutated bytes are refused or read, never fatal', () => {
  const valid = encodeTable(Array.from({ length: 12 }, (_, index) => ({ ...plain, name: `partition_${index}` })));
  const mutation = fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 256 }), mutation, fc.boolean(), (bytes, changes, isRepaired) => {
      decodeTable(bytes);
      decodeTable(Uint8Array.from([0xaa, 0x50, ...bytes]));
      const mutated = valid.slice();
      for (const [at, value] of changes) mutated[at] = value;
      if (isRepaired) mutated.set(createHash('md5').update(mutated.subarray(0, 384)).digest(), 400);
      const decoded = decodeTable(mutated);
      if (decoded.ok) assert.ok(decoded.value.entries.length <= maxEntries);
    }),
    { numRuns: 2000 },
  );
});

test('a file is read as what it is: binary by its magic or its name, else CSV', () => {
  const table = encodeTable([plain]);
  assert.equal(isBinaryTable(table), true);
  const read = readTable(table, '/checkout/at_customize.csv');
  assert.deepEqual(read, { entries: [{ ...plain, place: { file: '/checkout/at_customize.csv' } }], diagnostics: [] });
  assert.equal(readTable(new TextEncoder().encode('a,data,nvs,0x9000,4K'), 'a.csv').entries.length, 1);

  const broken = readTable(new TextEncoder().encode('a,data,nvs,0x9000,4K'), '/checkout/table.bin').diagnostics;
  assert.deepEqual(
    broken.map(({ code, place }) => [code, place]),
    [['table-syntax', { file: '/checkout/table.bin' }]],
  );
});
