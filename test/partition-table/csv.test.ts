import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Diagnostic } from '../../src/core/diagnostics/diagnostic.ts';
import { parseTableCsv } from '../../src/partition-table/csv.ts';

const file = '/checkout/at_customize.csv';
const parse = (text: string, tableOffset?: number) =>
  parseTableCsv(text, file, tableOffset === undefined ? {} : { tableOffset });

/** `line:column+length` and what is said of it. */
const said = ({ place, message, hint }: Diagnostic) =>
  `${place?.line}:${place?.column}+${place?.length} ${message}${hint === undefined ? '' : ` | ${hint}`}`;

const spans = (text: string, tableOffset?: number) => {
  const { entries, diagnostics } = parse(text, tableOffset);
  assert.deepEqual(diagnostics, []);
  return entries.map(({ name, offset, size }) => [name, offset, size]);
};

test('a row of a table is read with its numbers and its places', () => {
  const line = 'client_ca, 0x40, 7, 0x2e000, 8K';
  const { entries, diagnostics } = parse(`# Name,Type,SubType,Offset,Size\n${line}\n`);
  assert.deepEqual(diagnostics, []);
  const [entry] = entries;
  assert.ok(entry);
  const { fields, ...rest } = entry;
  assert.deepEqual(rest, {
    name: 'client_ca',
    type: 0x40,
    subtype: 7,
    offset: 0x2e000,
    size: 0x2000,
    flags: { encrypted: false, readonly: false },
    place: { file, line: 2, column: 1, length: line.length, text: line },
  });
  assert.deepEqual(fields?.offset, { file, line: 2, column: 21, length: 7, text: line });
  assert.deepEqual(fields?.flags, { file, line: 2, column: line.length + 1, length: 1, text: line });
});

for (const [what, text] of [
  ['spaces and tabs', '  client_ca ,\t0x40 , 7 ,0x2e000 ,\t8K \n'],
  ['CRLF', '# Name\r\n\r\nclient_ca,0x40,7,0x2e000,8K\r\n'],
  ['CR alone', '# Name\rclient_ca,0x40,7,0x2e000,8K\r'],
  ['no final newline', '# Name\nclient_ca,0x40,7,0x2e000,8K'],
  ['a byte order mark', '\uFEFFclient_ca,0x40,7,0x2e000,8K\n'],
  ['decimal numbers', 'client_ca,64,7,188416,8192\n'],
  ['K for offsets, lower case', 'client_ca,0x40,0x7,184k,0x2000\n'],
  ['columns behind the flags', 'client_ca,0x40,7,0x2E000,8K,,# the CA of the server\n'],
  ['an indented comment', '   # Name\nclient_ca,0x40,7,0x2e000,8K\n'],
] as const) {
  test(`a table may be written with ${what}`, () => {
    assert.deepEqual(spans(text), [['client_ca', 0x2e000, 0x2000]]);
  });
}

test('M counts 1024 × 1024 bytes', () => {
  assert.deepEqual(spans('a,data,fat,1M,2m'), [['a', 0x100000, 0x200000]]);
});

test('a blank offset follows the row before: apps on 64 KiB, all else on 4 KiB', () => {
  const text =
    'a,data,nvs,,4K\nb,data,phy,,100\nc,data,fat,,4K\nd,app,factory,,64K\ne,0x40,1,0x200000,4K\nf,0x40,2,,8K\n';
  assert.deepEqual(
    spans(text).map(([name, offset]) => [name, offset]),
    [
      ['a', 0x9000],
      ['b', 0xa000],
      ['c', 0xb000],
      ['d', 0x10000],
      ['e', 0x200000],
      ['f', 0x201000],
    ],
  );
});

test('a first row without an offset follows the table itself', () => {
  assert.deepEqual(spans('client_ca,0x40,7,,8K', 0x20000), [['client_ca', 0x21000, 0x2000]]);
});

for (const [written, type, subtype] of [
  ['app,factory', 0, 0],
  ['app,test', 0, 0x20],
  ['app,ota_0', 0, 0x10],
  ['APP,OTA_15', 0, 0x1f],
  ['app,tee_1', 0, 0x31],
  ['data,ota', 1, 0],
  ['data,phy', 1, 1],
  ['data,nvs', 1, 2],
  ['data,coredump', 1, 3],
  ['data,nvs_keys', 1, 4],
  ['data,efuse', 1, 5],
  ['data,undefined', 1, 6],
  ['data,', 1, 6],
  ['data,esphttpd', 1, 0x80],
  ['data,fat', 1, 0x81],
  ['data,spiffs', 1, 0x82],
  ['data,littlefs', 1, 0x83],
  ['data,tee_ota', 1, 0x90],
  ['bootloader,ota', 2, 1],
  ['partition_table,ota', 3, 1],
  ['0x40,', 0x40, 6],
  ['254,0xff', 0xfe, 0xff],
] as const) {
  test(`"${written}" is type ${type}, subtype ${subtype}`, () => {
    const { entries, diagnostics } = parse(`a,${written},0x10000,64K`);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      entries.map((entry) => [entry.type, entry.subtype]),
      [[type, subtype]],
    );
  });
}

test('the first bootloader and the first table keep their places and do not push other rows', () => {
  const text = 'boot,bootloader,primary,0x1000,28K\ntable,partition_table,primary,,\nnvs,data,nvs,,24K\n';
  assert.deepEqual(spans(text), [
    ['boot', 0x1000, 0x7000],
    ['table', 0x8000, 0x1000],
    ['nvs', 0x9000, 0x6000],
  ]);
});

test('flags are read', () => {
  const flags = (field: string) => parse(`a,data,nvs,0x9000,24K,${field}`).entries[0]?.flags;
  assert.deepEqual(flags('encrypted'), { encrypted: true, readonly: false });
  assert.deepEqual(flags(' readonly'), { encrypted: false, readonly: true });
  assert.deepEqual(flags('encrypted:readonly'), { encrypted: true, readonly: true });
});

for (const [row, expected] of [
  ['a,dat,nvs,0x9000,4K', '1:3+3 type "dat" is not known | did you mean "data"?'],
  ['a,,nvs,0x9000,4K', '1:3+1 the type is missing | app, data, bootloader, partition_table, or a number'],
  ['a', '1:2+1 the type is missing | app, data, bootloader, partition_table, or a number'],
  [
    'a,256,0,0x9000,4K',
    '1:3+3 type "256" is not known | app, data, bootloader, partition_table, or a number from 0x40 to 0xfe',
  ],
  ['a,data, spifs,0x9000,4K', '1:9+5 subtype "spifs" is not known | did you mean "spiffs"?'],
  ['a,app,,0x10000,64K', '1:7+1 an app partition needs a subtype | factory, test or ota_0 to ota_15'],
  [
    'a,0x40,nvs,0x9000,4K',
    '1:8+3 subtype "nvs" is not a number | type 0x40 has no names for it: a number from 0 to 0xff',
  ],
  ['a,data,nvs,0x90g0,4K', '1:12+6 offset "0x90g0" is not a number | write it like 0x2e000 or 184K'],
  ['a,data,nvs,0x9000,4KB', '1:19+3 size "4KB" is not a number | write it like 8K or 0x2000'],
  ['a,data,nvs,0x9000,-4K', '1:19+3 size "-4K" is not a number | write it like 8K or 0x2000'],
  ['a,data,nvs,0x9000,4K # nvs', '1:19+8 "4K # nvs" is read as a value | a comment needs a line of its own'],
  [
    'a,data,nvs,0x9000,010',
    '1:19+3 size "010" is not a number | leave out the leading zeros: some tools read such a number as octal',
  ],
  ['a,data,nvs,0x9000,', '1:19+1 the size is missing | write it like 8K or 0x2000'],
  ['a,data,nvs,0x9000', '1:18+1 the size is missing | write it like 8K or 0x2000'],
  ['a,data,nvs,5000M,4K', '1:12+5 offset 5000M is beyond the 4 GiB that a table can address'],
  ['a,data,nvs,0xfffff000,8K', '1:23+2 0xfffff000 and 0x2000 lead beyond the 4 GiB that a table can address'],
  ['a,data,nvs,0x9000,4K,encrypt', '1:22+7 flag "encrypt" is not known | did you mean "encrypted"?'],
  ['a,bootloader,primary,,28K', '1:22+1 the first bootloader has no offset | write down where this chip has it'],
  ['Name,Type,SubType,Offset,Size', '1:6+4 this heading is read as a partition | start it with #'],
] as const) {
  test(`a mistake is reported at its field: ${row}`, () => {
    const { entries, diagnostics } = parse(row);
    assert.equal(diagnostics[0] && said(diagnostics[0]), expected);
    assert.deepEqual(entries, []);
    assert.equal(diagnostics[0]?.place?.text, row);
  });
}

test('all mistakes are reported at once, also several of one row', () => {
  const { entries, diagnostics } = parse(
    'a,dta,nvs,zero,4X\r\nb,data,fat,0x10000,4K\r\nc,data,foo,0x11000,4K,hidden\r\n',
  );
  assert.deepEqual(
    diagnostics.map((one) => `${one.place?.line}:${one.place?.column} ${one.partition}`),
    ['1:3 a', '1:11 a', '1:16 a', '3:8 c', '3:23 c'],
  );
  assert.deepEqual(
    entries.map(({ name }) => name),
    ['b'],
  );
});

test('a row after a broken one is not blamed for an offset that cannot be known', () => {
  const { entries, diagnostics } = parse('a,data,nvs,0x9000,4X\nb,data,phy,,4K\nc,data,fat,0x20000,4K\nd,data,nvs,,4K');
  assert.equal(diagnostics.length, 1);
  assert.deepEqual(
    entries.map(({ name, offset }) => [name, offset]),
    [
      ['c', 0x20000],
      ['d', 0x21000],
    ],
  );
});

test('a table of 500 mistakes gives 500 diagnostics', () => {
  const text = Array.from({ length: 500 }, (_, index) => `p${index},data,nvs,0x9000,4X`).join('\n');
  assert.equal(parse(text).diagnostics.length, 500);
});

test('any text is read or refused, and every complaint lies within its line', () => {
  const piece = fc.constantFrom(
    'a',
    'data',
    'app',
    'nvs',
    '0x9000',
    '4K',
    '-',
    '#',
    ' ',
    ',',
    ',',
    ',',
    '\r',
    '\n',
    '\u00e9',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
      ),
      (text) => {
        for (const { place } of parse(text).diagnostics) {
          assert.ok(place?.line !== undefined && place.column !== undefined && place.text !== undefined);
          assert.ok(place.column >= 1 && place.column <= place.text.length + 1, JSON.stringify(place));
        }
      },
    ),
    { numRuns: 2000 },
  );
});

for (const [what, table, expected] of [
  [
    'semicolons',
    'a;data;nvs;0x9000;4K\nb;data;nvs;0xa000;4K\n',
    '1:2+1 the columns are separated by semicolons, not commas | put commas in place of them',
  ],
  [
    'tabs',
    'a\tdata\tnvs\t0x9000\t4K\n',
    '1:2+1 the columns are separated by tabs, not commas | put commas in place of them',
  ],
  [
    'full-width commas',
    'a，data，nvs，0x9000，4K\n',
    '1:2+1 the columns are separated by full-width commas (with U+FF0C), not commas | put commas in place of them',
  ],
  [
    'a comment behind the values',
    'a, data, nvs, 0x9000, 4K,   # the rest\n',
    '1:29+10 "# the rest" is read as a value | a comment needs a line of its own',
  ],
  [
    'a comment behind the name',
    'a # mine, data, nvs, 0x9000, 4K\n',
    '1:1+8 "a # mine" is read as a value | a comment needs a line of its own',
  ],
  [
    'a letter that looks like another',
    'a, d\u0430ta, nvs, 0x9000, 4K\n',
    '1:4+4 type "d\u0430ta" (with U+0430) is not known | did you mean "data"?',
  ],
] as const) {
  test(`${what}: one mistake, and nothing that follows from it`, () => {
    const { diagnostics } = parse(table);
    const said = diagnostics.map(
      ({ place, message, hint }) => `${place?.line}:${place?.column}+${place?.length} ${message} | ${hint}`,
    );
    assert.deepEqual(said, [expected]);
  });
}

test('a comment in a column behind the flags is ignored, as by gen_esp32part.py', () => {
  assert.deepEqual(parse('a,data,nvs,0x9000,4K,,# mine\n').diagnostics, []);
});

test('full-width commas in a comment are no separators, and a heading is told of once', () => {
  assert.deepEqual(parse('a,data,nvs,0x9000,4K,,\u8bf4\u660e\uff0c\n').diagnostics, []);
  assert.equal(
    parse('a,data,nvs,0x9000,4K, # \u8bf4\uff0c\n').diagnostics[0]?.hint,
    'a comment needs a line of its own',
  );
  assert.equal(parse('Name, Type, SubType, Offset, Size, Flags\n').diagnostics.length, 1);
  assert.equal(parse('a\tdata\tnvs\t0x9000\t4K,\n').diagnostics.length, 1);
  assert.match(parse('a\0,\0').diagnostics[0]?.message ?? '', /UTF-16/);
});

test('NVS with the flag encrypted is warned of at the flag', () => {
  const { entries, diagnostics } = parse('a, data, nvs, 0x9000, 4K, encrypted\nb, data, fat, 0xa000, 4K, encrypted\n');
  assert.equal(entries.length, 2);
  const [found, ...others] = diagnostics;
  assert.deepEqual(
    [found?.code, found?.severity, found?.place?.column, others],
    ['table-encrypted-nvs', 'warning', 27, []],
  );
});
