import { describe, test } from 'node:test';
import { faultRun } from '../support/fault-run.ts';
import { useMemoryDisk } from '../support/memory-disk.ts';

useMemoryDisk();

// AT_PKI_SEEDS=117 or 100-199 runs these alone.
const [from = 1, to = from] = (process.env.AT_PKI_SEEDS ?? '1000-1499').split('-').map(Number);

describe('a fault anywhere ends in time and in words, and a second run completes', () => {
  for (let seed = from; seed <= to; seed++) test(`seed ${seed}`, (t) => faultRun(t, seed));
});
