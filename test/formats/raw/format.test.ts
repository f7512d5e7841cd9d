import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raw } from '../../../src/formats/raw/format.ts';

test('a raw image is the file itself, and gives it back', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const packed = raw.encode([{ name: 'a.bin', kind: 'cert', bytes }]);
  assert.ok(packed.ok);
  assert.deepEqual(packed.value.image, bytes);
  const back = raw.decode(packed.value.image);
  assert.ok(back.ok);
  assert.deepEqual(back.value[0]?.bytes, bytes);
});

test('a raw partition is made from exactly one file', () => {
  const entry = { name: 'a.bin', kind: 'cert', bytes: new Uint8Array(1) } as const;
  assert.equal(raw.encode([]).ok, false);
  assert.equal(raw.encode([entry, entry]).ok, false);
});
