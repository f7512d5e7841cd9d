import { test } from 'node:test';
import { mutated, randomFrom, survives } from '../support/nvs-mutation.ts';

test('100,000 random and mutated NVS images', () => {
  const first = Number(process.env.FUZZ_SEED ?? 1_000_000);
  for (let seed = first; seed < first + 100_000; seed++) {
    try {
      survives(mutated(randomFrom(seed)));
    } catch (cause) {
      throw new Error(`FUZZ_SEED=${seed}`, { cause });
    }
  }
});
