import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../src/core/diagnostics/diagnostic.ts';
import { checkFlashSize, checkInside, checkTable } from '../../src/partition-table/checks.ts';
import { parseTableCsv } from '../../src/partition-table/csv.ts';
import type { TableEntry } from '../../src/partition-table/model.ts';

function table(text: string): readonly TableEntry[] {
  const { entries, diagnostics } = parseTableCsv(text, '/checkout/at_customize.csv');
  assert.deepEqual(diagnostics, []);
  return entries;
}

const said = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ code, place, message, hint }) => {
    const where = `${place?.line}:${place?.column}+${place?.length}`;
    return `${where} ${code}: ${message}${hint === undefined ? '' : ` | ${hint}`}`;
  });

const regionRow = 'at_customize,0x40,0,0x20000,0xE0000';
const main = table(
  `phy_init,data,phy,0xf000,4K\nnvs,data,nvs,0x12000,56K\n${regionRow}\nota_0,app,ota_0,0x100000,0x180000\n`,
);
const region = main[2];
assert.ok(region);

test('a sound table passes, in whatever order its rows stand', () => {
  assert.deepEqual(checkTable(table('b,0x40,2,0x26000,8K\na,0x40,1,0x24000,8K\nc,0x40,2,0x28000,4K\n')), []);
});

test('an overlap names both partitions with their spans, and by how much', () => {
  assert.deepEqual(said(checkTable(table('client_ca,0x40,7,0x2e000,8K\nmqtt_key,0x40,13,0x2f000,8K\n'))), [
    '2:18+7 partition-overlap: mqtt_key (0x2f000 to 0x30fff) overlaps client_ca (0x2e000 to 0x2ffff) by 4,096 bytes | client_ca ends before 0x30000',
  ]);
});

test('the row that comes later is blamed, also where it lies lower in the flash', () => {
  assert.deepEqual(
    checkTable(table('b,0x40,2,0x26000,8K\na,0x40,1,0x25000,8K\n')).map(({ place }) => place?.line),
    [2],
  );
});

test('one large partition over several small ones overlaps each of them', () => {
  const problems = checkTable(
    table('big,data,fat,0x20000,64K\na,0x40,1,0x21000,4K\nb,0x40,2,0x22000,4K\nc,0x40,3,0x30000,4K\n'),
  );
  assert.deepEqual(
    problems.map(({ partition }) => partition),
    ['a', 'b'],
  );
});

test('offsets and sizes stand on sectors of 4 KiB', () => {
  assert.deepEqual(said(checkTable(table('client_ca,0x40,7,0x2e100,8000\nempty,0x40,8,0x40000,0\n'))), [
    '1:18+7 partition-alignment: client_ca starts at 0x2e100, within a sector; the flash is erased in sectors of 4K (0x1000) | use 0x2e000 or 0x2f000',
    '1:26+4 partition-alignment: client_ca has 8,000 bytes and ends within a sector; the flash is erased in sectors of 4K (0x1000) | use 8K',
    '2:22+1 table-syntax: empty has a size of 0 | a partition has at least 4K',
  ]);
});

test('names are there, unique, short enough and fit for files', () => {
  const long = 'a_partition_with_a_name';
  const text = [
    ',0x40,1,0x20000,4K',
    `${long},0x40,2,0x21000,4K`,
    'ca,0x40,3,0x22000,4K',
    'ca,0x40,4,0x23000,4K',
    '../x_ca,0x40,5,0x24000,4K',
  ];
  assert.deepEqual(said(checkTable(table(text.join('\n')))), [
    '1:1+1 table-name: a partition has no name | the firmware finds partitions by name: give it one',
    `2:1+23 table-name: the name ${long} has 23 bytes; at most 16 fit | 7 too many`,
    '4:1+2 table-name: there are two partitions ca | the other is at 0x22000 (line 3); rename or drop one',
    '5:1+7 table-name: "../x_ca" cannot be the name of a file | each partition is built as <name>.bin',
  ]);
});

test('16 bytes of name are allowed, and counted as UTF-8', () => {
  assert.deepEqual(checkTable(table('sixteen__letters,0x40,1,0x20000,4K')), []);
  assert.equal(checkTable(table('éééééééé1,0x40,1,0x20000,4K')).length, 1);
});

test('more partitions than a binary table holds are refused', () => {
  const rows = Array.from({ length: 95 }, (_, index) => `p${index},0x40,1,${index * 4}K,4K`);
  assert.deepEqual(said(checkTable(table(rows.join('\n')))), [
    '95:1+3 table-syntax: 95 partitions in this table; the binary form holds 94',
  ]);
});

test('1,000 partitions are checked in linear time', () => {
  const rows = Array.from({ length: 1000 }, (_, index) => `p${index},0x40,1,${index * 4}K,4K`);
  assert.equal(checkTable(table(rows.join('\n'))).length, 1);
});

test('partitions inside the region, behind its first sector, pass', () => {
  const entries = table('first,0x40,1,0x21000,4K\nlast,0x40,2,0xfe000,8K\n');
  assert.deepEqual(checkInside(entries, region, main), []);
});

for (const [row, expected] of [
  [
    'a,0x40,1,0x20000,8K',
    '1:10+7 partition-outside: a (0x20000 to 0x21fff) leaves the region at_customize (0x20000 to 0xfffff) and lies over the table itself (0x20000 to 0x20fff)',
  ],
  [
    'a,0x40,1,0x1e000,8K',
    '1:10+7 partition-outside: a (0x1e000 to 0x1ffff) leaves the region at_customize (0x20000 to 0xfffff) and lies over nvs (0x12000 to 0x1ffff)',
  ],
  [
    'a,0x40,1,0xff000,8K',
    '1:18+2 partition-outside: a (0xff000 to 0x100fff) leaves the region at_customize (0x20000 to 0xfffff) and lies over ota_0 (0x100000 to 0x27ffff)',
  ],
  [
    'a,0x40,1,0x300000,8K',
    '1:10+8 partition-outside: a (0x300000 to 0x301fff) leaves the region at_customize (0x20000 to 0xfffff)',
  ],
] as const) {
  test(`a partition outside the region is refused: ${row}`, () => {
    assert.deepEqual(said(checkInside(table(row), region, main)), [
      `${expected} | partitions may use 0x21000 to 0xfffff`,
    ]);
  });
}

test('a partition in the region that another partition of the main table also claims is refused', () => {
  const crowded = table(`${regionRow}\nextra,data,fat,0x30000,64K\n`);
  const [own] = crowded;
  assert.ok(own);
  assert.deepEqual(said(checkInside(table('a,0x40,1,0x30000,4K'), own, crowded)), [
    '1:10+7 partition-overlap: a (0x30000 to 0x30fff) overlaps extra (0x30000 to 0x3ffff) by 4,096 bytes | extra ends before 0x40000',
  ]);
});

test('nothing lies beyond the flash', () => {
  const entries = table('a,0x40,1,0x1ff000,4K\nb,0x40,2,0x1ff000,8K\nc,0x40,3,0x200000,4K\n');
  assert.deepEqual(said(checkFlashSize(entries, 2 * 1024 * 1024)), [
    '2:19+2 partition-outside: b (0x1ff000 to 0x200fff) reaches 4,096 bytes beyond the flash of 2M',
    '3:10+8 partition-outside: c (0x200000 to 0x200fff) reaches 4,096 bytes beyond the flash of 2M',
  ]);
});
