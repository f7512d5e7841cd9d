import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { locate } from '../../../src/formats/nvs/locate.ts';
import { type BuiltPage, flash, full } from '../../support/nvs-builder.ts';

const foreign = (pages: number) => new Uint8Array(pages * 4096).fill(0x5a);
const erased = (pages: number) => new Uint8Array(pages * 4096).fill(0xff);
const image = flash({ state: full }, {}, undefined);
/** Ranges in pages. */
const pagesOf = (...parts: Uint8Array[]) =>
  locate(Buffer.concat(parts)).map(({ offset, size }) => [offset / 4096, size / 4096]);

test('an image is the whole file, with erased flash behind it or before it', () => {
  assert.deepEqual(pagesOf(image), [[0, 3]]);
  assert.deepEqual(pagesOf(image, erased(4)), [[0, 7]]);
  assert.deepEqual(pagesOf(erased(1), image), [[0, 4]]);
});

test('what no page of NVS is in holds none', () => {
  for (const parts of [[], [erased(3)], [foreign(3)], [new Uint8Array(100)]]) assert.deepEqual(pagesOf(...parts), []);
});

test('inside something larger', () => {
  assert.deepEqual(pagesOf(foreign(2), image, foreign(1)), [[2, 3]]);
  assert.deepEqual(pagesOf(foreign(2), erased(2), image, foreign(1)), [[4, 3]]);
  assert.deepEqual(pagesOf(image, foreign(2)), [[0, 3]]);
  assert.deepEqual(pagesOf(foreign(1), image, foreign(1), image), [
    [1, 3],
    [5, 3],
  ]);
});

test('damaged pages belong to the image, also where they look like something else', () => {
  const broken: BuiltPage = { brokenHeader: true };
  assert.deepEqual(pagesOf(flash({}, broken, undefined)), [[0, 3]]);
  assert.deepEqual(pagesOf(flash({}), foreign(1), flash({ sequence: 1 }, undefined), foreign(1)), [[0, 4]]);
});

test('images side by side are told apart by their sequence numbers', () => {
  assert.deepEqual(pagesOf(foreign(1), image, image), [
    [1, 3],
    [4, 3],
  ]);
  assert.deepEqual(pagesOf(image, image), [
    [0, 3],
    [3, 3],
  ]);
});

test('a rest that is no whole page goes with the image before it', () => {
  assert.deepEqual(locate(Buffer.concat([image, new Uint8Array(10)])), [{ offset: 0, size: image.length + 10 }]);
});

test('any file gives stretches in order, within it, that do not overlap', () => {
  const page = fc.constantFrom(foreign(1), erased(1), flash({}), flash({ sequence: 1 }), flash({ brokenHeader: true }));
  fc.assert(
    fc.property(fc.array(page, { maxLength: 8 }), (parts) => {
      let end = 0;
      for (const { offset, size } of locate(Buffer.concat(parts))) {
        assert.ok(offset >= end && size > 0);
        end = offset + size;
      }
      assert.ok(end <= parts.length * 4096);
    }),
  );
});
