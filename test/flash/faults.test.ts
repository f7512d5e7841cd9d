import { describe, test } from 'node:test';
import { faultRun } from '../support/fault-run.ts';
import { useMemoryDisk } from '../support/memory-disk.ts';

useMemoryDisk();

describe('a fault anywhere ends in time and in words, and a second run completes', () => {
  for (let seed = 1; seed <= 25; seed++) test(`seed ${seed}`, (t) => faultRun(t, seed));
  for (let seed = 26; seed <= 30; seed++) test(`seed ${seed}, twice two`, (t) => faultRun(t, seed, { twice: true }));
});
