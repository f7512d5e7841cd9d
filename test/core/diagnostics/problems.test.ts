import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnostic } from '../../../src/core/diagnostics/diagnostic.ts';
import { Problems } from '../../../src/core/diagnostics/problems.ts';

test('problems are kept in the order in which they were found, each as often as it was', () => {
  const [first, second, third] = ['1', '2', '3'].map((message) => diagnostic('usage', message));
  assert.ok(first && second && third);
  const problems = new Problems();
  assert.deepEqual(problems.all, []);
  problems.add(first);
  problems.addAll(new Set([second, third]));
  problems.add(first);
  assert.deepEqual(
    problems.all.map(({ message }) => message),
    ['1', '2', '3', '1'],
  );
});

test('a table of 300,000 bad rows fits in', () => {
  const problems = new Problems();
  problems.addAll(Array.from({ length: 300_000 }, (_, row) => diagnostic('table-syntax', String(row))));
  assert.equal(problems.all.length, 300_000);
});
