import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Diagnostic, diagnostic } from '../../../src/core/diagnostics/diagnostic.ts';
import { limited } from '../../../src/core/diagnostics/limit.ts';

const row = (file: string, line: number): Diagnostic => diagnostic('table-syntax', 'bad', { place: { file, line } });
const rows = (file: string, length: number): Diagnostic[] => Array.from({ length }, (_, at) => row(file, at + 1));

test('up to a hundred findings of a kind are all shown, in their order', () => {
  const all = [...rows('a', 100), ...rows('b', 100), diagnostic('usage', 'x')];
  assert.deepEqual(limited(all), all);
});

/** A table of 100,000 bad rows would write 400,000 lines. */
test('beyond them they are counted, behind the last that is shown', () => {
  const other = diagnostic('usage', 'x');
  const found = limited([...rows('a', 60), ...rows('b', 3), ...rows('a', 100_000), other]);
  assert.equal(found.length, 105);
  assert.deepEqual(found[103], {
    ...diagnostic('table-syntax', '99,960 more findings of this kind in this file left out', { place: { file: 'a' } }),
    hint: 'fix those above and run again',
  });
  assert.equal(found[104], other);
});

test('warnings stay warnings when they are counted', () => {
  const warnings = rows('a', 102).map((one) => ({ ...one, severity: 'warning' as const }));
  assert.deepEqual(
    limited(warnings).map(({ severity }) => severity),
    Array.from({ length: 101 }, () => 'warning'),
  );
});
