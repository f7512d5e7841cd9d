import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Phase } from '../../src/device/progress.ts';
import { showProgress } from '../../src/report/progress.ts';

/** What a terminal of so many columns gets to see of these phases, each at its milliseconds. */
function shown(
  phases: readonly (readonly [time: number, phase: Phase])[],
  { isTTY = true, columns = 100 } = {},
): string[] {
  let now = 0;
  let written = '';
  const stderr = { isTTY, columns, write: (text: string) => (written += text) };
  const show = showProgress(stderr, false, { now: () => now });
  for (const [time, phase] of phases) {
    now = time;
    show(phase);
  }
  return written.split('\r').slice(1);
}

const write = (done: number): Phase => ({ phase: 'write', done, total: 28_672 });

test('bytes, rate and the time that is left, as soon as there is something to reckon from', () => {
  const lines = shown([
    [0, write(0)],
    [1000, write(8192)],
    [3500, write(28_672)],
  ]);
  assert.deepEqual(
    lines.map((line) => line.trimEnd()),
    [
      'writing 0 % · 0 of 28,672 bytes',
      'writing 28 % · 8,192 of 28,672 bytes · 8.2 kB/s · 2.5 s left',
      'writing 100 % · 28,672 of 28,672 bytes · 8.2 kB/s · 0.0 s left',
    ],
  );
});

test('a fast port draws a line now and then, and always the last one; a longer line leaves nothing behind', () => {
  const steps = Array.from({ length: 29 }, (_, index) => [index * 10, write(index * 1024)] as const);
  const lines = shown([
    [0, { phase: 'connect', port: '/dev/serial/by-id/a-long-name' }],
    ...steps,
    [300, { phase: 'end' }],
  ]);
  assert.ok(lines.length < 12, `${lines.length} lines`);
  assert.ok(lines.some((line) => line.startsWith('writing 100 %')));
  const widths = lines.map((line) => line.length);
  for (const [index, width] of widths.slice(0, -1).entries()) {
    const before = (lines[index - 1] ?? '').trimEnd().length;
    assert.ok(width >= before, lines[index]);
  }
  assert.deepEqual(
    lines.slice(-2).map((line) => line.trim()),
    ['', ''],
  );
});

test('a narrow terminal is not wrapped, and no terminal sees nothing', () => {
  for (const line of shown(
    [
      [0, write(0)],
      [1000, write(8192)],
    ],
    { columns: 30 },
  ))
    assert.ok(line.length < 30, line);
  assert.deepEqual(shown([[0, write(0)]], { isTTY: false }), []);
});
