import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { validate } from '../../src/config/generated/validator.ts';
import { loadConfig } from '../../src/config/load.ts';
import { excerpt } from '../../src/core/diagnostics/excerpt.ts';
import { growsLinearly } from '../support/growth.ts';
import { mistakes } from '../support/mistakes.ts';
import { packageRoot } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

test('all mistakes at once, each at its place, with what was meant', async (t) => {
  const text = `{
  "chip": "esp33",
  "partitons": {},
  "headroom": "lots",
  "partitions": {
    "client_ca": { "ofset": "0x2e000", "size": "8KB", "files": 3 },
    "mqtt_ca": { "size": 8192.5, "offset": -1, "files": [] },
    "wss_ca": { "type": "certs", "files": ["", 7], "order": true }
  },
  "flash": { "baud": "fast" }
}`;
  assert.deepEqual(await mistakes(t, text), [
    '2:11+7 config-value: "chip" is one of esp32, esp32s2, esp32s3, esp32c2, esp32c3, esp32c5, esp32c6, esp32c61, esp8266, not "esp33" → did you mean "esp32"?',
    '3:3+11 config-property: there is no property "partitons" → did you mean "partitions"?',
    '4:15+6 config-value: "lots" is not a headroom → write "10%", 512 or "1K"',
    '6:20+7 config-property: there is no property "ofset" → did you mean "offset"?',
    '6:48+5 config-value: "8KB" is not a size → write 8192, "0x2000", "8K" or "1M"',
    '6:64+1 config-value: "files" is a text, an object { … } or a list, not 3',
    '7:26+6 config-value: 8192.5 is not a size → write 8192, "0x2000", "8K" or "1M"',
    '7:44+2 config-value: -1 is not an offset → write 188416, "0x2e000" or "184K"',
    '7:57+2 config-value: "files" is an empty list → name a file, or leave it out for the folder of that name',
    '8:25+7 config-value: "type" is one of ca, cert, key, not "certs" → did you mean "cert"?',
    '8:44+2 config-value: an entry of "files" is empty',
    '8:48+1 config-value: an entry of "files" is a text or an object { … }, not 7',
    '8:61+4 config-value: "order" is one of name, natural, not true',
    '10:22+6 config-value: "baud" is a whole number, not "fast"',
  ]);
});

test('YAML mistakes have places, too', async (t) => {
  const text = 'partitions:\n  client_ca:\n    ofset: 0x2e000\n    size: 8KB\n';
  assert.deepEqual(await mistakes(t, text, 'pki.config.yaml'), [
    '3:5+5 config-property: there is no property "ofset" → did you mean "offset"?',
    '4:11+3 config-value: "8KB" is not a size → write 8192, "0x2000", "8K" or "1M"',
  ]);
});

test('in package.json and .at-pkirc as well', async (t) => {
  assert.deepEqual(await mistakes(t, '{\n  "at-pki": {\n    "outdir": "x" } }', 'package.json'), [
    '3:5+8 config-property: there is no property "outdir" → did you mean "outDir"?',
  ]);
  assert.deepEqual(await mistakes(t, '{ "outdir": "x" }', '.at-pkirc'), [
    '1:3+8 config-property: there is no property "outdir" → did you mean "outDir"?',
  ]);
});

test('a program has no lines: its mistakes name the path', async (t) => {
  const text = 'export default { partitions: { client_ca: { ofset: 1, size: "x" } } }';
  assert.deepEqual(await mistakes(t, text, 'pki.config.mjs'), [
    '- config-property: there is no property "ofset" in partitions.client_ca → did you mean "offset"?',
    '- config-value: "x" is not a size → write 8192, "0x2000", "8K" or "1M"',
  ]);
});

const quotes = 'this is no value → texts go into quotes:';
const noName = 'names of properties stand in double quotes → write';
const noEnd = 'this comma has nothing behind it → remove it; commas at the end are for pki.config.jsonc';
const noComments =
  'comments are not allowed in plain JSON → name the file pki.config.jsonc to write comments and trailing commas';
/** The text, and what is wrong with its writing. */
const syntax: [text: string, ...expected: string[]][] = [
  ['{\n  "chip": 0x20\n}', '2:11+4 0x20 is no number of JSON → hexadecimal numbers go into quotes: "0x20"'],
  ['{ "flashSize": 4M }', '1:16+2 4M is no number of JSON → texts go into quotes: "4M"'],
  ['{ "headroom": 10% }', '1:15+3 10% is no number of JSON → texts go into quotes: "10%"'],
  ['{ "flashSize": 0755 }', '1:16+4 0755 is no number of JSON → texts go into quotes: "0755"'],
  ['{ "flashSize": 1.2.3 }', '1:16+5 1.2.3 is no number of JSON → texts go into quotes: "1.2.3"'],
  ['{ "flashSize": 1e }', '1:16+2 this number is incomplete'],
  ['{ "chip": esp32, "order": name }', `1:11+5 ${quotes} "esp32"`, `1:27+4 ${quotes} "name"`],
  ['{ "outDir": build/pki-bin.d, "x": 1 }', `1:13+15 ${quotes} "build/pki-bin.d"`, '1:30+3 there is no property "x"'],
  ['{ "partitions": { "a_ca": x } }', `1:27+1 ${quotes} "x"`],
  ['{ "partitions": { "a_ca": { "files": [x] } } }', `1:39+1 ${quotes} "x"`],
  ['{ "chip": Null }', '1:11+4 this is no value → JSON has it in small letters: null'],
  ["{ 'chip': 1 }", `1:3+6 ${noName} "chip"`],
  ['{ chip: "esp32" }', `1:3+4 ${noName} "chip"`],
  ['{ "chip": \'esp 32\' }', '1:11+8 texts stand in double quotes, not in single ones'],
  ['{ "chip": “esp32” }', '1:11+7 texts stand in straight double quotes: "'],
  ['{ "partitions": { "a_ca": { "size": 1, } } }', `1:38+1 ${noEnd}`],
  ['{ "chip": "esp32",\n\n}', `1:18+1 ${noEnd}`],
  ['{ "partitions": { "a_ca": { "files": ["a", ] } } }', `1:42+1 ${noEnd}`],
  ['{ "chip": "esp32",, "order": "name" }', `1:18+1 ${noEnd}`],
  ['{\n// why\n"chip": "esp32", // a, b\n}', `2:1+6 ${noComments}`, `3:16+1 ${noEnd}`, `3:18+7 ${noComments}`],
  ['{ "chip": "esp32" "flash": {} }', '1:19+7 a comma is expected here'],
  ['{ "chip": "esp32"; "flash": {} }', '1:18+1 a comma is expected here, not a semicolon'],
  ['{ "chip" "esp32" }', '1:10+7 a colon is expected here'],
  ['{ "chip"="esp32" }', '1:9+1 a colon is expected here, not ='],
  ['{ "chip": "esp32"', '1:18+1 a closing brace } is expected here'],
  ['{ "chip": "esp32" }}', '1:20+1 the text goes on behind the end of the config'],
  ['{ "outDir": "a\\q" }', '1:13+5 this escape does not exist → a backslash itself is written twice: \\\\'],
  ['<<<<<<< HEAD\n{}', '1:1+7 this is the mark of a merge conflict → keep one of the two sides'],
];
for (const [text, ...expected] of syntax) {
  test(`syntax: ${text.replaceAll('\n', '⏎')}`, async (t) => {
    const found = (await mistakes(t, text)).map((one) => one.replace(/ config-(?:syntax|property):/, ''));
    assert.deepEqual(
      found.map((one) => (one.includes('there is no property') ? one.replace(/ → .*/, '') : one)),
      expected,
    );
  });
}

test('a comma at the end and comments are fine in .jsonc, two commas are not', async (t) => {
  assert.deepEqual(await mistakes(t, '{ /* x */ "chip": "esp32", // y\n}', 'pki.config.jsonc'), []);
  assert.deepEqual(await mistakes(t, '{ "chip": "esp32",,\n}', 'pki.config.jsonc'), [
    '1:18+1 config-syntax: this comma has nothing behind it → remove it',
  ]);
});

test('a number without its quotes hides nothing else on its line', async (t) => {
  const text = '{ "partitions": { "a_ca": { "size": 8K, "ofset": 1, "files": 3, "order": "nam" } }, "chp": 1 }';
  assert.deepEqual(await mistakes(t, text), [
    '1:37+2 config-syntax: 8K is no number of JSON → texts go into quotes: "8K"',
    '1:41+7 config-property: there is no property "ofset" → did you mean "offset"?',
    '1:62+1 config-value: "files" is a text, an object { … } or a list, not 3',
    '1:74+5 config-value: "order" is one of name, natural, not "nam" → did you mean "name"?',
    '1:85+5 config-property: there is no property "chp" → did you mean "chip"?',
  ]);
});

test('nor does a property that stands twice; the last one is meant', async (t) => {
  assert.deepEqual(await mistakes(t, '{ "chip": "esp32", "chip": "esp33", "chp": 1 }'), [
    '1:20+6 config-property: there is a second property "chip" → only the last one would count: remove or rename one of them',
    '1:28+7 config-value: "chip" is one of esp32, esp32s2, esp32s3, esp32c2, esp32c3, esp32c5, esp32c6, esp32c61, esp8266, not "esp33" → did you mean "esp32"?',
    '1:37+5 config-property: there is no property "chp" → did you mean "chip"?',
  ]);
});

for (const open of ['[', '{"a":', '{"partitions": [', '[ // x\n']) {
  test(`very many ${open.trim()} are said to be too many, at the first that is`, async (t) => {
    const [only, ...others] = await mistakes(t, open.repeat(100_000), 'pki.config.jsonc');
    assert.match(only ?? '', /^\d+:\d+\+1 config-syntax: brackets are nested more than 100 deep$/);
    assert.deepEqual(others, []);
  });
}
test('brackets in texts and comments are none, and 100 deep can be read', async (t) => {
  const text = `{ "outDir": "${'['.repeat(200)}", /* ${'['.repeat(200)} */ "$schema": ${'['.repeat(99)}${']'.repeat(99)} }`;
  const found = await mistakes(t, text, 'pki.config.jsonc');
  assert.deepEqual(found, ['1:435+198 config-value: "$schema" is a text, not a list']);
});

test('a comma forgotten on one line does not hide the mistakes on others', async (t) => {
  const text = '{\n  "chip": "esp32"\n  "partitions": {\n    "a_ca": { "sice": "8K" }\n  }\n}';
  assert.deepEqual(await mistakes(t, text), [
    '3:3+12 config-syntax: a comma is expected here',
    '4:15+6 config-property: there is no property "sice" → did you mean "size"?',
  ]);
});

test('a property that stands twice', async (t) => {
  const hint = 'only the last one would count: remove or rename one of them';
  assert.deepEqual(await mistakes(t, '{ "partitions": { "a_ca": {"size": 1}, "a_ca": {"size": 2} } }'), [
    `1:40+6 config-property: there is a second property "a_ca" → ${hint}`,
  ]);
  assert.deepEqual(await mistakes(t, 'partitions:\n  a_ca: {size: 1}\n  a_ca: {size: 2}\n', 'pki.config.yaml'), [
    `3:3+4 config-property: there is a second property "a_ca" → ${hint}`,
  ]);
});

test('columns are right behind non-ASCII text and tabs, with CRLF and a byte order mark', async (t) => {
  assert.deepEqual(await mistakes(t, '\uFEFF{\r\n\t"outDir": "证书", "chip": 1 }'), [
    '2:26+1 config-value: "chip" is one of esp32, esp32s2, esp32s3, esp32c2, esp32c3, esp32c5, esp32c6, esp32c61, esp8266, not 1',
  ]);
  assert.deepEqual(await mistakes(t, '\uFEFF{ "outdir": 1 }'), [
    '1:3+8 config-property: there is no property "outdir" → did you mean "outDir"?',
  ]);
  assert.deepEqual(await mistakes(t, '\uFEFFoutdir: x', 'pki.config.yaml'), [
    '1:1+6 config-property: there is no property "outdir" → did you mean "outDir"?',
  ]);
});

const misspelled = (count: number): Record<string, object> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}_ca`, { sise: '8K' }]));
const manyMistakes: [what: string, name: string, text: (count: number) => string, last: string][] = [
  [
    'on lines of their own',
    'pki.config.json',
    (count) => JSON.stringify({ partitions: misspelled(count) }, undefined, 2),
    '1501:7+6',
  ],
  ['on one line', 'pki.config.json', (count) => JSON.stringify({ partitions: misspelled(count) }), '1:11893+6'],
  [
    'in YAML',
    'pki.config.yaml',
    (count) => {
      const partitions = Object.keys(misspelled(count)).map((name) => `  ${name}:\n    sise: 8K\n`);
      return `partitions:\n${partitions.join('')}`;
    },
    '1001:5+4',
  ],
];
for (const [what, name, text, last] of manyMistakes) {
  test(`500 mistakes ${what} are 500 diagnostics, shown in time in line with their number`, async (t) => {
    const found = await mistakes(t, text(500), name);
    assert.equal(found.length, 500);
    assert.equal(found[499], `${last} config-property: there is no property "sise" → did you mean "size"?`);
    await growsLinearly(30, (count) => {
      const file = join(scratch(t), name);
      writeFileSync(file, text(count));
      return async () => {
        const { diagnostics } = await loadConfig(file);
        const excerpts = diagnostics.flatMap(({ place }) => (place ? excerpt(place) : []));
        assert.equal(excerpts.length, 2 * count);
      };
    });
  });
}

test('the command shows the line, marked', async (t) => {
  const folder = scratch(t);
  writeFileSync(
    join(folder, 'pki.config.json'),
    '{\n  "partitions": {\n    "client_ca": { "ofset": "0x2e000", "size": "8K" }\n  }\n}\n',
  );
  const { code, stderr, stdout } = await atPki(folder, 'build');
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^error\[config-property\]: there is no property "ofset"\n {2}--> pki\.config\.json:3:20\n {2}3 │ {5}"client_ca": \{ "ofset": "0x2e000", "size": "8K" \}\n {4}│ {20}~~~~~~~\n {2}→ did you mean "offset"\?\n/,
  );
  const { stdout: json } = await atPki(folder, 'build', '--json');
  const { ok, diagnostics } = JSON.parse(json) as { ok: boolean; diagnostics: object[] };
  assert.equal(ok, false);
  assert.deepEqual(diagnostics, [
    {
      code: 'config-property',
      severity: 'error',
      message: 'there is no property "ofset"',
      file: 'pki.config.json',
      line: 3,
      column: 20,
      endColumn: 27,
      hint: 'did you mean "offset"?',
    },
  ]);
});

const schema = JSON.parse(readFileSync(join(packageRoot, 'schema/pki.config.schema.json'), 'utf8'));

test('the generated validator and types are what the schema gives now', async () => {
  const { generate } = await import(join(packageRoot, 'schema/generate.mjs'));
  for (const [name, text] of Object.entries(await generate())) {
    assert.equal(readFileSync(join(packageRoot, 'src/config/generated', name), 'utf8'), text, name);
  }
});

test("the generated validator judges as ajv's own compiler does", () => {
  const compiled = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
  const configs: unknown[] = [
    {},
    { partitions: {} },
    { partitions: { a: {} } },
    { partitions: { a: { size: 'x' } } },
    { partitions: { a: { size: 4096, offset: '0x1000', files: ['x'], type: 'ca' } } },
    { chip: 'esp32', headroom: '10.5%', order: 'natural', flash: { port: 'COM3', baud: 9600 } },
    { flash: { baud: 0 } },
    { headroom: '10 %' },
    [],
    null,
    'text',
  ];
  for (const config of configs) assert.equal(validate(config), compiled(config), JSON.stringify(config));
});

test('every property of the schema is described, with examples, a default or a list of values', () => {
  const describedBy = (property: Record<string, unknown>): Record<string, unknown> =>
    typeof property.$ref === 'string'
      ? { ...schema.definitions[property.$ref.split('/').at(-1) ?? ''], ...property }
      : property;
  for (const part of [schema, schema.definitions.partition, schema.definitions.flash]) {
    for (const [name, property] of Object.entries<Record<string, unknown>>(part.properties)) {
      const whole = describedBy(property);
      assert.ok(typeof whole.description === 'string' && whole.description.length > 10, name);
      assert.ok('default' in whole || whole.examples || whole.enum || whole.properties, name);
    }
  }
});

test('the example config is valid and names the sets', async () => {
  const { config, diagnostics } = await loadConfig(join(packageRoot, 'pki.config.example.json'));
  assert.deepEqual(diagnostics, []);
  const names = Object.keys(config?.value.partitions ?? {});
  for (const set of ['client', 'server', 'mqtt', 'wss', 'https', 'wpa2']) {
    for (const kind of ['ca', 'cert', 'key']) assert.ok(names.includes(`${set}_${kind}`), `${set}_${kind}`);
  }
});
