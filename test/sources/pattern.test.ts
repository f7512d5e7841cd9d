import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { expandPattern, isPattern } from '../../src/sources/glob.ts';
import { compilePattern } from '../../src/sources/pattern.ts';
import { scratch } from '../support/scratch.ts';

function matches(pattern: string, path: string): boolean {
  const compiled = compilePattern(pattern);
  assert.ok(compiled.ok, pattern);
  const { start, step, isMatch } = compiled.value;
  return isMatch(step(start, path));
}

const cases: [pattern: string, yes: string, no: string][] = [
  ['*', 'a a1 a.crt', '.a a/b'],
  ['*.crt', 'a.crt a.b.crt', '.crt .a.crt a.CRT a.crtx'],
  ['a?c', 'abc a.c aüc', 'ac a/c abbc'],
  ['[a-c]x', 'ax cx', 'dx -x'],
  ['[!a-c]x', 'dx üx', 'ax .x /x'],
  ['[^ab]', 'c', 'a b'],
  ['[]a]', '] a', 'b'],
  ['[a\\]]', '] a', '\\'],
  ['[[:digit:]_]', '5 _', 'a :'],
  ['q[[]1]', 'q[1]', 'q1'],
  ['[ab', '[ab', 'a'],
  ['a\\*', 'a*', 'ab a\\*'],
  ['{a,bc}.crt', 'a.crt bc.crt', 'b.crt {a,bc}.crt'],
  ['{a,{b,c}d}', 'a bd cd', 'd ab'],
  ['{,x}a', 'a xa', 'xxa'],
  ['{sub/deep,a}.crt', 'sub/deep.crt a.crt', 'deep.crt'],
  ['{a}', '{a}', 'a'],
  ['{a..c}', 'a b c', 'd'],
  ['{9..11}', '9 10 11', '1 12 8'],
  ['{08..10}', '08 09 10', '8'],
  ['@(a|bc)', 'a bc', 'ab'],
  ['?(a)b', 'b ab', 'aab'],
  ['*(ab)c', 'c abc ababc', 'ac'],
  ['+(a|b)', 'a abba', 'c'],
  ['(a|b)c', 'ac bc', 'c abc'],
  ['server(1)*', 'server(1) server(1).crt', 'server1'],
  ['**', 'a a/b a/b/c', '.a a/.b'],
  ['**/x', 'x a/x a/b/x', 'ax .a/x'],
  ['a/**/x', 'a/x a/b/x a/b/c/x', 'ax b/a/x'],
  ['a/**', 'a/b a/b/c a/', 'a b/a'],
  ['{**/,b}c', 'c a/c bc', 'ac'],
  ['a**b', 'ab axxb', 'a/b'],
  ['.*', '.a .', 'a'],
  ['.a/*', '.a/b', '.a/.b'],
];
for (const [pattern, yes, no] of cases) {
  test(`what ${pattern} matches`, () => {
    for (const path of yes.split(' ')) assert.ok(matches(pattern, path), path);
    for (const path of no.split(' ')) assert.ok(!matches(pattern, path), path);
  });
}

test('what is a pattern, and what only looks like one', () => {
  for (const path of ['*', 'a?', 'a[b]', '{a,b}', '{1..3}', '!(a)', '@(a)', '(a|b)']) assert.ok(isPattern(path), path);
  for (const path of ['server(1).crt', '!a', 'a[', 'a[]', '{a}', '{a', 'a,b}', '(a', 'a|b)', 'a..b'])
    assert.ok(!isPattern(path), path);
});

const n = 60;
/** Each of them has many ways to fail on a long name. Tried one after the other, they would outlast any build. */
const hostile: [name: string, pattern: string][] = [
  ['stars', '*a'.repeat(n)],
  ['double stars within a name', 'a**'.repeat(n)],
  ['folders at any depth', '**/'.repeat(n)],
  ['stars between classes', '*[ab]'.repeat(n)],
  ['alternatives', '{a,aa}'.repeat(n)],
  ['nested alternatives', `${'{a,'.repeat(n)}a${'}'.repeat(n)}`],
  ['repetitions within repetitions', `${'+('.repeat(n)}a${')'.repeat(n)}`],
  ['optional characters', '?(a)'.repeat(n)],
  ['alternatives that are repeated', '*(a|aa|*)'.repeat(n)],
];
for (const [name, pattern] of hostile) {
  test(`a hostile pattern ends: ${name}`, () => {
    const compiled = compilePattern(`${pattern}.crtx`);
    assert.ok(compiled.ok);
    const { start, step, isMatch } = compiled.value;
    assert.ok(!isMatch(step(start, `${'a'.repeat(250)}.crt`)));
  });
}

test('to ask whether a long text is a pattern takes one pass', () => {
  for (const text of ['[', '{,', '(|', '!(', '@(', '([{', '\\']) isPattern(text.repeat(500_000));
});

const refused: [name: string, pattern: string, message: string][] = [
  ['a negation', '!(a|b).crt', 'the pattern has !(…), which is not supported'],
  ['many characters', '*'.repeat(5000), 'the pattern has 5,000 characters, more than can be searched for'],
  ['many numbers', '{1..999999}', 'the pattern counts 999,999 numbers in one {…}, more than can be searched for'],
  ['many alternatives', '{1..999}'.repeat(30), 'the pattern has too many alternatives, more than can be searched for'],
];
for (const [name, pattern, message] of refused) {
  test(`a pattern that is refused in words: ${name}`, () => {
    const compiled = compilePattern(pattern);
    assert.equal(compiled.ok ? '' : compiled.error.message, message);
  });
}

test('a pattern that ends in / gives what it gives without', (t) => {
  const root = scratch(t);
  mkdirSync(join(root, 'f'));
  writeFileSync(join(root, 'f/a.crt'), '');
  const expanded = expandPattern(root, 'f//./*/');
  assert.deepEqual(expanded.ok && expanded.value.files, [join(root, 'f/a.crt')]);
});

test('only folders that may hold a match are looked into', (t) => {
  const root = scratch(t);
  for (const name of ['a/b/x.crt', 'c/b/x.crt']) mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, 'a/b/x.crt'), '');
  const expanded = expandPattern(root, '[a]/b/*');
  assert.deepEqual(expanded.ok && expanded.value.files, [join(root, 'a/b/x.crt')]);
});
