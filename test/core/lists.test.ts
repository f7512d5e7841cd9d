import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { append, largestOf } from '../../src/core/lists.ts';
import { packageRoot } from '../support/paths.ts';

const many = Array.from({ length: 300_000 }, (_, index) => index);

test('lists that are too long for the stack are joined, and their largest number found', () => {
  const list = [-1];
  append(list, many);
  assert.equal(list.length, 300_001);
  assert.equal(largestOf(many), 299_999);
  assert.equal(largestOf([]), 0);
});

/** `push(...rows)` for a table of 150,000 rows ends the program: Maximum call stack size exceeded. */
test('no list is spread into a call in the source', () => {
  const folder = join(packageRoot, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const spread =
    /\.(?:push|unshift)\(\s*\.\.\.|Math\.(?:max|min)\(\s*\.\.\.|\.apply\(|from(?:CharCode|CodePoint)\(\s*\.\.\./;
  const found = files.flatMap((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    return lines.flatMap((line, index) => (spread.test(line) ? [`${name}:${index + 1} ${line.trim()}`] : []));
  });
  assert.deepEqual(found, []);
});
