import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encode } from '../../../src/formats/nvs/encode.ts';
import type { NvsContent, NvsSettings } from '../../../src/formats/nvs/model.ts';
import { place } from '../../../src/formats/nvs/placement.ts';
import { room } from '../../../src/formats/nvs/room.ts';
import { anyContent } from '../../support/nvs-content.ts';

test('an empty partition has all of its slots but the reserve', () => {
  assert.deepEqual(room({ entries: [] }, { size: 0x3000 }), {
    slots: { total: 252, used: 0, erased: 0, free: 252, stranded: 0 },
    pages: { used: 1, total: 3 },
    // A namespace, and on either page a chunk's head; on the last one the index too.
    largestBlob: (126 - 2 + 126 - 2) * 32,
  });
});

test('slots that a string leaves at the end of a page are stranded', () => {
  const value = 'x'.repeat(3000);
  const entries = ['a', 'b'].map((key) => ({ namespace: 'n', key, type: 'string' as const, value }));
  const { slots, pages } = room({ entries }, { size: 0x4000 });
  assert.deepEqual(slots, { total: 378, used: 191, erased: 0, free: 31 + 126, stranded: 30 });
  assert.deepEqual(pages, { used: 2, total: 4 });
});

test('the largest blob that fits does fit, and one byte more does not', () => {
  const anyCase = fc
    .record({ version: fc.constantFrom(1 as const, 2 as const), spare: fc.nat(2) })
    .chain(({ version, spare }) =>
      anyContent({ version, entries: 300, largest: 3000 }).map((content) => ({ content, version, spare })),
    );
  fc.assert(
    fc.property(anyCase, ({ content, version, spare }) => {
      const settings: NvsSettings = { version, size: Math.max(3, place(content, version).pages + 1 + spare) * 4096 };
      const namespace = content.entries.at(-1)?.namespace ?? content.namespaces?.[0] ?? 'n';
      const fits = (length: number) => {
        const key = 'the further key';
        const more: NvsContent = {
          ...content,
          entries: [...content.entries, { namespace, key, type: 'blob', value: new Uint8Array(length) }],
        };
        return encode(more, settings).ok;
      };
      const { largestBlob, slots } = room(content, settings);
      assert.equal(slots.used + slots.free + slots.stranded, slots.total);
      if (largestBlob === undefined) assert.equal(fits(0), false);
      else assert.deepEqual([fits(largestBlob), fits(largestBlob + 1)], [true, false]);
    }),
    { numRuns: 200 },
  );
});

test('an image says how full it is', () => {
  const content: NvsContent = { entries: [{ namespace: 'n', key: 'k', type: 'u8', value: 1 }] };
  const encoded = encode(content, { size: 0x3000 });
  assert.ok(encoded.ok);
  assert.deepEqual(encoded.value.room, room(content, { size: 0x3000 }));
});

test('namespaces without entries are counted in, though they come last', () => {
  const namespaces = Array.from({ length: 254 }, (_, index) => `n${index}`);
  for (const version of [1, 2] as const) {
    for (let integers = 0; integers <= 140; integers++) {
      const entries = Array.from({ length: integers }, (_, key) => ({
        namespace: 'n0',
        key: `k${key}`,
        type: 'u8' as const,
        value: 1,
      }));
      const settings = { size: 0x5000, version };
      const { largestBlob } = room({ namespaces, entries }, settings);
      const fits = (length: number) =>
        encode(
          {
            namespaces,
            entries: [...entries, { namespace: 'n0', key: 'b', type: 'blob', value: new Uint8Array(length) }],
          },
          settings,
        ).ok;
      const found = largestBlob ?? -1;
      assert.deepEqual(
        [found < 0 || fits(found), fits(found + 1)],
        [true, false],
        `version ${version}, ${integers} integers`,
      );
    }
  }
});
