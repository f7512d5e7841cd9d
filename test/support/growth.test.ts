import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growsLinearly } from './growth.ts';

// A measure that lets quadratic work pass would guard nothing, one that stops linear work would fail on other machines.

const sum = (count: number): number => {
  let total = 0;
  for (let index = 0; index < count; index++) total += index & 7;
  return total;
};

test('linear work passes', () => growsLinearly(10_000, (size) => () => sum(size)));

test('work of n log n passes', () =>
  growsLinearly(2_000, (size) => {
    const values = Array.from({ length: size }, (_, index) => (index * 7919) % size);
    return () => values.toSorted((a, b) => a - b);
  }));

test('work that grows much faster fails, with its numbers', async () => {
  // By the cube: of the square a busy machine may hide half, while the compiler has not seen the work yet.
  const grows = growsLinearly(25, (size) => () => {
    for (let index = 0; index < size * size; index++) sum(size);
  });
  await assert.rejects(grows, /grows faster than its input: [\d.]+ µs for 16 times 25, [\d.]+ µs for 400/);
});

test('an action that fails is not measured', () =>
  assert.rejects(
    growsLinearly(10, () => () => Promise.reject(new Error('not this'))),
    /not this/,
  ));
