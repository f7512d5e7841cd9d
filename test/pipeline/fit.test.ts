import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atpki } from '../../src/formats/atpki/format.ts';
import { checkFit } from '../../src/pipeline/fit.ts';
import type { Partition } from '../../src/sources/partition.ts';

/** What there is to say of files of these lengths in a partition of `size` bytes. */
function said(size: number, lengths: number[], headroom?: number): string[] {
  const entries = lengths.map(
    (length, index) => ({ name: `${index}.crt`, kind: 'ca', bytes: new Uint8Array(length) }) as const,
  );
  const packed = atpki.encode(entries);
  assert.ok(packed.ok);
  const partition: Partition = {
    name: 'client_ca',
    format: 'atpki',
    file: 'client_ca.bin',
    size,
    sources: [],
    ...(headroom !== undefined && { headroom }),
  };
  return checkFit(partition, packed.value, entries).map((one) => `${one.code}: ${one.message} → ${one.hint}`);
}

// 8 bytes of header and 4 for each item.
test('a bin may fill its partition to the last byte', () => {
  assert.deepEqual(said(4096, [4096 - 12]), []);
  assert.deepEqual(said(4096, [4096 - 11]), [
    'partition-full: client_ca needs 4,100 bytes, its partition holds 4,096 (4 too many) → the largest file is 0.crt (4,085 bytes)',
  ]);
});

test('the largest file is named, the first of equals', () => {
  assert.match(said(4096, [100, 2000, 2000, 300])[0] ?? '', /largest file is 1\.crt \(2,000 bytes\)/);
});

test('headroom: a warning below it, none at it', () => {
  assert.deepEqual(said(8192, [1000], 8192 - 1012), []);
  assert.deepEqual(said(8192, [1000], 8192 - 1011), [
    'headroom: client_ca leaves 7,180 of 8K bytes free, less than the 7,181 asked for → the largest file is 0.crt (1,000 bytes)',
  ]);
});
