import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnostic } from '../../src/core/diagnostics/diagnostic.ts';
import { grouped } from '../../src/report/alike.ts';

const one = (code: 'test-material' | 'expired' | 'weak-key', file: string, line?: number) =>
  diagnostic({ code, severity: code === 'expired' ? 'error' : 'warning' }, file, {
    place: { file, ...(line && { line }) },
    hint: 'do this',
  });

test('more than three of a kind become one; fewer, errors and those with a line stay', () => {
  const many = ['a', 'b', 'c', 'd'].map((file) => one('test-material', file));
  const others = [
    one('weak-key', 'a'),
    ...['a', 'b', 'c', 'd'].map((file) => one('expired', file)),
    ...['e', 'f', 'g', 'h'].map((file) => one('weak-key', file, 3)),
  ];
  const groups = grouped([...many, ...others]);
  assert.deepEqual(
    groups[0]?.others.map(({ message }) => message),
    ['b', 'c', 'd'],
  );
  assert.equal(groups.length, 1 + others.length);
  assert.deepEqual(
    grouped(many.slice(1)).map(({ others: more }) => more.length),
    [0, 0, 0],
  );
});
