import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideValues } from '../../src/flash/values-policy.ts';
import {
  leftOversReplaced,
  valuesKept,
  valuesReplaced,
  valuesUndecided,
  valueText,
} from '../../src/flash/values-text.ts';
import { encode } from '../../src/formats/nvs/encode.ts';
import type { NvsEntry } from '../../src/formats/nvs/model.ts';
import type { Partition } from '../../src/sources/partition.ts';
import { filled } from '../support/nvs-content.ts';

const size = 0x10000;
const partition: Partition = {
  name: 'mfg_nvs',
  format: 'nvs',
  file: 'mfg_nvs.bin',
  offset: 0x20000,
  size,
  sources: [],
};

function imageOf(...entries: readonly NvsEntry[]): Uint8Array {
  const encoded = encode({ entries }, { size });
  assert.ok(encoded.ok);
  return encoded.value.image;
}

const blob = (namespace: string, key: string, length: number): NvsEntry => ({
  namespace,
  key,
  type: 'blob',
  value: filled(length, 1),
});

test('values that do not fit beside the image stop the flash, with the numbers and both ways out', async () => {
  const decide = decideValues(partition, { policy: 'merge' });
  const image = { name: 'mfg_nvs', offset: 0x20000, size, bytes: imageOf(blob('https_ca', 'https_ca.0', 30_000)) };
  const decision = await decide?.(image, imageOf(blob('site', 'map', 40_000)));
  assert.equal(decision?.image, undefined);
  const [problem] = decision?.diagnostics ?? [];
  assert.equal(problem?.code, 'partition-full');
  assert.match(problem?.message ?? '', /^mfg_nvs with 1 value of the device: the entries need [\d,]+ slots/);
  assert.match(problem?.hint ?? '', /AT\+SYSMFG=0.*--overwrite/);
});

test('a partition that no device writes to has nothing to decide', () => {
  assert.equal(decideValues({ ...partition, format: 'atpki' }, {}), undefined);
});

test('names, types and lengths are told, values never', () => {
  const values = [
    { namespace: 'wifi', key: 'pass\u001b[2J', type: 'string', length: 7 },
    { namespace: 'site', key: 'pin', type: 'i32', length: 4 },
    { namespace: 'https_key', key: 'https_key.1', type: 'blob', length: 100 },
  ];
  assert.equal(valueText(values[0]!), 'wifi/pass\\x1b[2J (string, 7 bytes)');
  const texts = [valuesKept, valuesReplaced, leftOversReplaced, valuesUndecided].map((say) => say(partition, values));
  for (const { message } of texts) {
    assert.match(message, /site\/pin \(i32, 4 bytes\) and https_key\/https_key\.1 \(blob, 100 bytes\)$/);
  }
  assert.deepEqual(
    texts.map(({ code, severity }) => [code, severity]),
    [
      ['values-kept', 'info'],
      ['values-replaced', 'warning'],
      ['values-replaced', 'info'],
      ['device-values', 'error'],
    ],
  );
});
