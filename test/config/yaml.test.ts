import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYaml } from '../../src/config/yaml.ts';
import { growsLinearly } from '../support/growth.ts';

/** `line:column+length code message → hint`. */
const mistakes = (text: string): string[] =>
  parseYaml('/project/pki.config.yaml', text).diagnostics.map(({ code, message, hint, place }) => {
    const where = `${place?.line}:${place?.column}+${place?.length}`;
    return `${where} ${code.replace('config-', '')}: ${message}${hint ? ` → ${hint}` : ''}`;
  });

const noTag = 'a config needs none: leave it out';
const noKey = 'the name of a property is a text, not a list, a map or an alias';
const second = 'only the last one would count: remove or rename one of them';
const wrong: [text: string, ...expected: string[]][] = [
  ['a: !secret x', `1:4+7 syntax: there is no tag !secret → ${noTag}`],
  ['a: !!binary AAAA', '1:13+4 syntax: this tag is not for configs'],
  ['? [1, 2]\n: x', `1:3+1 syntax: ${noKey}`],
  ['? { a: 1 }\n: x', `1:3+1 syntax: ${noKey}`],
  ['a: &x 1\n*x : 2', `2:1+2 syntax: ${noKey}`],
  ['a: *x', '1:4+2 syntax: there is no anchor &x before this alias'],
  ['b: *x\na: &x 1', '1:4+2 syntax: there is no anchor &x before this alias'],
  ['a: &x [1, *x]', '1:11+2 syntax: aliases are nested more than 100 deep'],
  ['a: 1\nb: 2\na: 3', `3:1+1 property: there is a second property "a" → ${second}`],
  ['a: { b: 1, b: 2 }', `1:12+1 property: there is a second property "b" → ${second}`],
  ['a: b: c', '1:4+1 syntax: a second property starts on this line → put a text with a colon into quotes'],
  ['a:\n\tb: 1', '2:1+1 syntax: tabs are not allowed as indentation'],
  ['a: @x', '1:4+1 syntax: plain value cannot start with reserved character @'],
  ['a: 1\n---\nb: 2', '2:1+3 syntax: a second document starts here, and a config is one'],
  ['%FOO\n---\na: 1', '1:1+4 syntax: unknown directive %FOO'],
  ['\ufeffa: !x 1', `1:4+2 syntax: there is no tag !x → ${noTag}`],
];
for (const [text, ...expected] of wrong) {
  test(`YAML: ${text.replaceAll('\n', '⏎')}`, () => assert.deepEqual(mistakes(text), expected));
}

test('several mistakes at once', () => {
  assert.deepEqual(
    mistakes('a: !x 1\nb: @y\n? [c]\n: 1\n')
      .map((one) => one.slice(0, 3))
      .sort(),
    ['1:4', '2:4', '3:3'],
  );
});

test('nothing but diagnostics: no warning of the process', (t) => {
  const warnings: unknown[] = [];
  t.mock.method(process, 'emitWarning', (warning: unknown) => warnings.push(warning));
  for (const [text] of wrong) mistakes(text);
  assert.deepEqual(warnings, []);
});

const values: [text: string, value: unknown][] = [
  ['a: &x { b: [1, 2] }\nc: *x\nd: [*x]', { a: { b: [1, 2] }, c: { b: [1, 2] }, d: [{ b: [1, 2] }] }],
  // An anchor may be used again: the last one before the alias counts, also inside of what is repeated.
  ['a: &x 1\nb: &y [*x]\nc: &x 2\nd: *y\ne: *x', { a: 1, b: [1], c: 2, d: [1], e: 2 }],
  ['1: a\ntrue: b\nnull: c', { 1: 'a', true: 'b', null: 'c' }],
  ['a:\nb: ~\nc: 0x20\nd: 8K\ne: "x"\nf: |\n  y\n', { a: null, b: null, c: 32, d: '8K', e: 'x', f: 'y\n' }],
  ['a: 1\na: 2', { a: 2 }],
  ['"__proto__": { a: 1 }', JSON.parse('{ "__proto__": { "a": 1 } }')],
  ['', null],
  ['# nothing', null],
  ['[a, { b: c }]', ['a', { b: 'c' }]],
  ['<<: 1', { '<<': 1 }],
];
for (const [text, value] of values) {
  test(`the value of ${text.replaceAll('\n', '⏎')}`, () => {
    assert.deepEqual(parseYaml('/x.yaml', text).content?.value, value);
  });
}

const places: [path: (string | number)[], what: 'key' | 'value', expected: [number, number] | undefined][] = [
  [['a'], 'key', [0, 1]],
  [['a', 'b'], 'value', [11, 6]],
  [['a', 'b', 1], 'value', [15, 1]],
  [['c'], 'value', [23, 2]],
  // Behind an alias there is nothing to show but the alias.
  [['c', 'b'], 'value', undefined],
  [['z'], 'value', undefined],
  [['a', 'b', 7], 'value', undefined],
];
for (const [path, what, expected] of places) {
  test(`the ${what} of ${path.join('.')}`, () => {
    const found = parseYaml('/x.yaml', 'a: &x { b: [1, 2] }\nc: *x\n').content?.tree.locate(path, what);
    assert.deepEqual(found && [found.offset, found.length], expected);
  });
}

/** Nine lines that unfold into 10^9 values. */
const laughs = `a0: &a0 [${'x, '.repeat(10)}]\n${Array.from({ length: 9 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(10)}]\n`).join('')}`;
const chain = (length: number): string =>
  `a0: &a0 [x]\n${Array.from({ length }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}]\n`).join('')}`;
const indented = (depth: number): string =>
  Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
const nested = 'syntax: lists and maps are nested more than 100 deep';
const hostile: [what: string, size: number, text: (size: number) => string, expected: RegExp][] = [
  ['aliases of aliases', 120, chain, /^\d+:\d+\+\d+ syntax: aliases are nested more than 100 deep$/],
  ['lists in lists', 6_000, (size) => '['.repeat(size), new RegExp(`^1:101\\+1 ${nested}$`)],
  ['maps in maps', 1_200, (size) => '{a: '.repeat(size), new RegExp(`^1:401\\+1 ${nested}$`)],
  ['lists by dashes', 1_200, (size) => '- '.repeat(size), new RegExp(`^1:201\\+1 ${nested}$`)],
  ['names in names', 1_200, (size) => '? '.repeat(size), new RegExp(`^1:201\\+1 ${nested}$`)],
  // Its text grows with the square of the depth.
  [
    'maps by indentation',
    1_200,
    (size) => indented(Math.round(Math.sqrt(size * 50))),
    new RegExp(`^101:101\\+1 ${nested}$`),
  ],
];
for (const [what, size, text, expected] of hostile) {
  test(`${what} end in one sentence, in time in line with their number`, async () => {
    await growsLinearly(size, (count) => {
      const made = text(count);
      return () => {
        const [only = '', ...others] = mistakes(made);
        assert.match(only, expected);
        assert.deepEqual(others, []);
      };
    });
  });
}

test('aliases that multiply are not unfolded: 10^9 values would fill any memory', () => {
  assert.deepEqual(mistakes(laughs), ['5:45+3 syntax: aliases unfold into more than 100,000 values']);
});

test('aliases of one small map are read in linear time', async () => {
  await growsLinearly(200, (count) => {
    const text = `a: &a { b: 1 }\n${Array.from({ length: count }, (_, index) => `k${index}: *a\n`).join('')}`;
    return () => assert.deepEqual(mistakes(text), []);
  });
});
