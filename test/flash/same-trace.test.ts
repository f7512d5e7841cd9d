import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultRun } from '../support/fault-run.ts';
import { useMemoryDisk } from '../support/memory-disk.ts';

useMemoryDisk();

/** Images of both kinds, boards with lines and without; a delay, a reset, replies lost, the power lost. */
const seeds = [3, 7, 19];

// A seed that failed once could not be looked into: run again, it might go another way and pass.
for (const seed of seeds) {
  test(`seed ${seed} goes the same way each time, byte for byte and at the same moments`, async (t) => {
    const traces: string[] = [];
    for (let time = 0; time < 3; time++) {
      await t.test(`time ${time + 1}`, async (t) => {
        const lines: string[] = [];
        await faultRun(t, seed, { twice: true, trace: (line) => lines.push(line) });
        traces.push(lines.join('\n'));
      });
    }
    const [first = '', ...others] = traces;
    assert.match(first, /^\d+\.\d{3} toChip c0/m);
    assert.match(first, /^\d+\.\d{3} toHost c0/m);
    assert.match(first, /^\d+\.\d{3} fault /m);
    assert.match(first, /^\d+\.\d{3} result /m);
    for (const other of others) assert.ok(other === first, firstDifference(first, other));
  });
}

function firstDifference(one: string, other: string): string {
  const [a, b] = [one.split('\n'), other.split('\n')];
  const at = a.findIndex((line, index) => line !== b[index]);
  return `line ${at + 1}: ${a[at]?.slice(0, 200)}\ninstead of ${b[at]?.slice(0, 200)}`;
}
