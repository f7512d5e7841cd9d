import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../../src/formats/nvs/decode.ts';
import { growsLinearly } from '../../support/growth.ts';
import { flash, namespace } from '../../support/nvs-builder.ts';
import { mutated, randomFrom, survives } from '../../support/nvs-mutation.ts';

test('random and mutated images are decoded and decrypted without an exception', () => {
  for (let seed = 0; seed < 2000; seed++) {
    try {
      survives(mutated(randomFrom(seed)));
    } catch (cause) {
      throw new Error(`seed ${seed}`, { cause });
    }
  }
});

test('an index that claims 4 GB of blob costs nothing', () => {
  const size = 0xffffffff;
  const index = { namespace: 1, type: 'blobIndex', key: 'k', size, chunks: 255 } as const;
  const decoded = decode(flash({ items: [namespace('a', 1), index] }));
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.entries, []);
  assert.equal(decoded.value.warnings[0]?.message, 'page 0, slot 1: blob "k" is skipped: chunk 1 of 255 is not there');
});

test('decoding takes time in line with the size of the image', async () => {
  const entry = (index: number) =>
    ({ namespace: 1, type: 'blobIndex', key: `k${index}`, size: 1, chunks: 255 }) as const;
  const page = (sequence: number) => ({
    sequence,
    state: 0xfffffffc,
    items: Array.from({ length: 125 }, (_, index) => entry(sequence * 125 + index)),
  });
  await growsLinearly(5, (count) => {
    const pages = Array.from({ length: count }, (_, index) => page(index + 1));
    const image = flash({ items: [namespace('a', 1)] }, ...pages);
    return () => {
      const decoded = decode(image);
      assert.ok(decoded.ok && decoded.value.warnings.length === count * 125);
    };
  });
});
