import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isError } from '../../../src/core/diagnostics/diagnostic.ts';
import { fail, ok } from '../../../src/core/result.ts';
import { isReadable, type NvsCsv, type ReadFile, readCsv } from '../../../src/formats/nvs/csv-read.ts';
import { writeCsv } from '../../../src/formats/nvs/csv-write.ts';
import type { NvsContent, NvsEntry } from '../../../src/formats/nvs/model.ts';
import { anyContent } from '../../support/nvs-content.ts';

const noFiles: ReadFile = (name) => fail({ code: 'source-missing', message: `${name} does not exist` });
const bytesOf = (csv: string) => new TextEncoder().encode(csv);
const read = (csv: string | Uint8Array, readFile = noFiles): NvsCsv =>
  readCsv({ file: '/mfg.csv', bytes: typeof csv === 'string' ? bytesOf(csv) : csv, readFile });
const head = 'key,type,encoding,value\n';
const start = `${head}ns,namespace,,\n`;

/** `line:column message (hint)` of each diagnostic. */
const said = ({ diagnostics }: NvsCsv): string[] =>
  diagnostics.map(({ place, message, hint, severity }) => {
    assert.equal(place?.file, '/mfg.csv');
    const kind = severity === 'warning' ? 'warning: ' : '';
    return `${place?.line}:${place?.column} ${kind}${message}${hint ? ` (${hint})` : ''}`;
  });

function entriesOf(csv: string | Uint8Array, readFile = noFiles): NvsContent['entries'] {
  const result = read(csv, readFile);
  assert.deepEqual(result.diagnostics.filter(isError), []);
  return result.content.entries;
}
const onlyValue = (row: string) => entriesOf(`${start}${row}\n`)[0]?.value;

test('every encoding gives its NVS type and value', () => {
  const rows = [
    ['u8', ' 255 ', 'u8', 255],
    ['i8', '-128', 'i8', -128],
    ['u16', '007', 'u16', 7],
    ['i32', '+5', 'i32', 5],
    ['u64', '18446744073709551615', 'u64', 2n ** 64n - 1n],
    ['i64', '-9223372036854775808', 'i64', -(2n ** 63n)],
    ['string', ' two words ', 'string', ' two words '],
    ['string', 'Grüße', 'string', 'Grüße'],
    ['hex2bin', ' 00fF ', 'blob', new Uint8Array([0, 255])],
    ['base64', 'AP8=', 'blob', new Uint8Array([0, 255])],
    ['base64', '', 'blob', new Uint8Array()],
    ['binary', 'hi', 'blob', new Uint8Array([104, 105])],
  ] as const;
  for (const [encoding, text, type, value] of rows) {
    assert.deepEqual(entriesOf(`${start}k,data,${encoding},${text}\n`), [{ namespace: 'ns', key: 'k', type, value }]);
  }
});

test('rows of type file take what the file holds', () => {
  const files: Record<string, string> = {
    'ca.crt': 'PEM\n',
    'n.txt': '12\n',
    'h.hex': 'aB01\n',
    'b.b64': 'AQI\nDBA==\r\n',
  };
  const readFile: ReadFile = (name) => {
    const content = files[name];
    return content === undefined ? noFiles(name) : ok(bytesOf(content));
  };
  const csv = `${start}a,file,binary,ca.crt\nb,file,u16,n.txt\nc,file,hex2bin,h.hex\nd,file,base64,b.b64\ne,file,string,ca.crt\n`;
  assert.deepEqual(
    entriesOf(csv, readFile).map((entry) => entry.value),
    [bytesOf('PEM\n'), 12, new Uint8Array([0xab, 1]), new Uint8Array([1, 2, 3, 4]), 'PEM\n'],
  );
  assert.deepEqual(said(read(`${start}a,file,binary,gone.crt\n`, readFile)), ['3:15 gone.crt does not exist']);
});

test('a byte order mark, CRLF, blank lines, comments and a missing last line end are fine', () => {
  const csv =
    '\ufeffkey,type,encoding,value\r\n\r\n# a comment\r\n  # another\r\nns,namespace,,\r\n   \r\n,,,\r\nk,data,u8,1';
  assert.deepEqual(entriesOf(csv), [{ namespace: 'ns', key: 'k', type: 'u8', value: 1 }]);
});

test('columns go by their names, further ones are ignored', () => {
  const csv = 'value,note,encoding,type,key\n,,,namespace,ns\n1,why,u8,data,k\n';
  assert.deepEqual(entriesOf(csv), [{ namespace: 'ns', key: 'k', type: 'u8', value: 1 }]);
});

test('quotes hold commas, line breaks and doubled quotes', () => {
  assert.equal(onlyValue('k,data,string,"a,b"'), 'a,b');
  assert.equal(onlyValue('k,data,string,"he said ""hi"""'), 'he said "hi"');
  assert.equal(onlyValue('k,data,string,"one\r\ntwo"'), 'one\ntwo');
  assert.equal(onlyValue('k,data,string,a "quoted" word'), 'a "quoted" word');
  assert.equal(onlyValue('"k","data","string",""'), '');
});

test('namespaces without keys are kept', () => {
  assert.deepEqual(read(`${head}a,namespace\nb,namespace,,\n`).content.namespaces, ['a', 'b']);
});

for (const [what, row, message] of [
  ['an integer out of range', 'k,data,u8,256', '3:11 key "k": 256 is not a u8, which goes from 0 to 255'],
  ['a hexadecimal integer', 'k,data,u16,0x10', '3:12 u16 needs a whole decimal number (write it as 16)'],
  ['a fraction', 'k,data,u16,12.0', '3:12 u16 needs a whole decimal number (digits alone, with a sign if need be)'],
  ['no number', 'k,data,u16,', '3:12 u16 needs a number'],
  ['a missing value', 'k,data,u16', '3:11 the row has no value (an empty one needs its comma all the same)'],
  ['an unknown type', 'k,dat,u8,1', '3:3 "dat" is not a type (write exactly "namespace", "data", "file")'],
  ['a type in upper case', 'k,DATA,u8,1', '3:3 "DATA" is not a type (write exactly "namespace", "data", "file")'],
  ['a type with a space', 'k, data,u8,1', '3:3 " data" is not a type (write exactly "namespace", "data", "file")'],
  ['an unknown encoding', 'k,data,u9,1', '3:8 "u9" is no encoding (did you mean "u8"?)'],
  ['an encoding in upper case', 'k,data,STRING,1', '3:8 "STRING" is no encoding (write it exactly as "string")'],
  [
    'a comma too many',
    'k,data,string,a,b',
    '3:17 the row has 5 cells, the first line 4 (a value with a comma goes in double quotes)',
  ],
  ['odd hexadecimal', 'k,data,hex2bin,abc', '3:16 hex2bin needs two digits for each byte; 3 is odd'],
  [
    'hexadecimal with 0x',
    'k,data,hex2bin,0x01',
    '3:16 hex2bin has no hexadecimal digit at character 2 (leave out the 0x)',
  ],
  [
    'base64 cut short',
    'k,data,base64,AQIDBA',
    '3:15 base64 comes in groups of 4 characters, and 6 are no whole number of them (is "=" missing at the end?)',
  ],
  ['another alphabet', 'k,data,base64,A!ID', '3:15 base64 has a character of another alphabet at 2'],
  ['an empty key', ',data,u8,1', '3:1 a key is empty'],
  ['a long key', 'sixteen_letters_,data,u8,1', '3:1 key "sixteen_letters_" has 16 bytes; NVS takes at most 15'],
  [
    'a key twice',
    'k,data,u8,1\nk,data,u8,2',
    '4:1 key "k" stands twice in namespace "ns" (the first one is in line 3)',
  ],
  ['an open quote', 'k,data,string,"abc\nz,data,u8,1', '3:15 this quote is never closed'],
] as const) {
  test(`${what} is reported with line and column`, () => {
    const result = read(`${start}${row}\n`);
    assert.equal(isReadable(result), false);
    assert.deepEqual(said(result), [message]);
  });
}

test('keys before a namespace and namespaces that stand twice are reported', () => {
  assert.deepEqual(said(read(`${head}k,data,u8,1\n`)), [
    '2:1 key "k" stands before any namespace (the firmware opens a namespace first: put one before it)',
  ]);
  assert.deepEqual(said(read(`${start}k,data,u8,1\nns,namespace,,\nl,data,u8,1\n`)), [
    '4:1 namespace "ns" stands twice (the reference generators lose the keys below the second: put all keys below the first)',
  ]);
});

for (const [what, csv, message] of [
  ['semicolons', 'key;type;encoding;value\n', '1:1 the columns are separated by semicolons, not commas'],
  ['tabs', 'key\ttype\tencoding\tvalue\n', '1:1 the columns are separated by tabs, not commas'],
  [
    'full-width commas',
    'key，type，encoding，value\n',
    '1:1 the columns are separated by full-width commas (with U+FF0C), not commas',
  ],
  [
    'spaces in its first line',
    'key, type, encoding, value \nns, namespace, ,\n',
    '1:1 the names of the columns have spaces around them',
  ],
  ['no header', 'ns,namespace,,\n', '1:1 the first line has no column "key"'],
  ['nothing', '', '1:1 there is nothing in it'],
] as const) {
  test(`a CSV with ${what} is reported once`, () => {
    assert.deepEqual(said(read(csv)), [`${message} (the first line is "key,type,encoding,value")`]);
  });
}

test('a text over several lines without quotes is one mistake, and the rows behind it are read', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\nAAAA==\n-----END CERTIFICATE-----\n';
  const result = read(`${start}cert,data,string,${pem}k,data,u8,x\n`);
  assert.deepEqual(said(result).slice(0, 1), [
    '3:18 the value of "cert" goes on over several lines and has no quotes (put all of it in double quotes: "-----BEGIN … -----END …-----")',
  ]);
  assert.equal(said(result).length, 2);
});

test('a CSV without rows is empty content', () => {
  assert.deepEqual(entriesOf(head), []);
  assert.deepEqual(said(read(head)), []);
  assert.deepEqual(said(read('# later\n')), ['1:1 warning: there is nothing but comments in it']);
});

test('bytes that are no UTF-8 are placed', () => {
  const csv = Buffer.concat([Buffer.from(start), Buffer.from('k,data,string,a\xe9\n', 'latin1')]);
  assert.deepEqual(said(read(csv)), ['3:16 this is no UTF-8 (save the CSV as UTF-8)']);
});

test('what the reference reads otherwise, or reads oddly, is warned of', () => {
  const result = read(`${start}k,data,string,"one\n#two"\nl,data,string,"a"b\n`);
  assert.ok(isReadable(result));
  assert.deepEqual(
    result.content.entries.map((entry) => entry.value),
    ['one\n#two', 'ab'],
  );
  assert.deepEqual(said(result), [
    '3:15 warning: a line of this text begins with "#": it is kept here, nvs_partition_gen.py drops it',
    '5:18 warning: text behind a closing quote belongs to the same cell: is a comma missing?',
  ]);
});

test('all mistakes are reported, in the order of the file', () => {
  const result = read(`${start}a,data,u8,300\nb,dat,u8,1\nc,data,u8,x\na,data,u8,1\n`);
  assert.deepEqual(
    result.diagnostics.map((one) => one.place?.line),
    [3, 4, 5, 6],
  );
});

test('no diagnostic repeats a value that may be secret, nor its line', () => {
  const secret = 'hunter2';
  const rows = [
    `a,data,string,"${secret}`,
    `b,data,hex2bin,${secret}`,
    `c,data,u8,${secret}`,
    `d,data,base64,${secret}!`,
  ];
  for (const row of rows) {
    const result = read(`${start}${row}\n`);
    assert.equal(isReadable(result), false);
    assert.ok(!JSON.stringify(result.diagnostics).includes(secret));
  }
});

const grouped = ({ namespaces = [], entries }: NvsContent): NvsEntry[] =>
  namespaces.flatMap((namespace) => entries.filter((entry) => entry.namespace === namespace));
const plain = (entries: readonly NvsEntry[]) =>
  entries.map(({ value, ...rest }) => ({
    ...rest,
    value: value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  }));

test('content written as CSV and files is the same content when read', () => {
  fc.assert(
    fc.property(anyContent({ entries: 40 }), (content) => {
      const { csv, files } = writeCsv(content);
      const back = read(csv, (name) => {
        const file = files.find((one) => one.name === name);
        return file ? ok(file.bytes) : noFiles(name);
      });
      assert.deepEqual(said(back), []);
      assert.deepEqual(plain(back.content.entries), plain(grouped(content)));
      assert.deepEqual(back.content.namespaces, content.namespaces);
      assert.equal(new Set(files.map((file) => file.name.toLowerCase())).size, files.length);
    }),
    { numRuns: 100 },
  );
});

test('awkward keys and strings survive being written as CSV', () => {
  const strings = ['', ' ', '#', 'a\r\nb', 'a\n#b', '"', ',', '\ufeff', '\n'];
  const entries: NvsEntry[] = strings.map((value, index) => ({
    namespace: '#n',
    key: `# "${index},`,
    type: 'string',
    value,
  }));
  entries.push({ namespace: '../n', key: 'a/b', type: 'blob', value: new Uint8Array(100) });
  entries.push({ namespace: '../n', key: 'A/B', type: 'string', value: new Uint8Array([0xe9]) });
  const { csv, files } = writeCsv({ entries });
  assert.ok(
    files.every((file) => /^[\w-][\w.-]*$/.test(file.name)),
    files.map((file) => file.name).join(' '),
  );
  const back = entriesOf(csv, (name) => ok(files.find((file) => file.name === name)?.bytes ?? new Uint8Array()));
  assert.deepEqual(plain(back), plain(entries));
});

test('any text is read without an exception', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      'k',
      'ns',
      'namespace',
      'data',
      'file',
      'u8',
      'string',
      'hex2bin',
      '1',
      '',
      '"',
      '""',
      '#',
      '\n',
      ',',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 12 }), fc.boolean(), (rows, headed) => {
      read((headed ? head : '') + rows.map((row) => row.join(',')).join('\n'));
    }),
    { numRuns: 1000 },
  );
});
