import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Spans, spansOver } from '../../../../src/device/drivers/esptool/spans.ts';

const range = (offset: number, size: number) => ({ offset, size });

test('near ranges are read as one span, far ones apart, each byte once', () => {
  const ranges = [range(0x5000, 0x1000), range(0x1000, 0x1000), range(0x1800, 0x200), range(0x9000, 0x1000)];
  assert.deepEqual(spansOver(ranges, 0x3000), [range(0x1000, 0x9000)]);
  assert.deepEqual(spansOver(ranges, 0x2fff), [range(0x1000, 0x1000), range(0x5000, 0x1000), range(0x9000, 0x1000)]);
  assert.deepEqual(spansOver([], 0x1000), []);
});

test('a range is found within one span, as a copy, until the flash has changed', () => {
  const spans = new Spans();
  spans.keep(0x1000, Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(spans.find(range(0x1001, 2)), Uint8Array.of(2, 3));
  assert.deepEqual(spans.find(range(0x1000, 4))?.fill(0).length, 4);
  assert.deepEqual(spans.find(range(0x1000, 1)), Uint8Array.of(1));
  assert.equal(spans.find(range(0x1003, 2)), undefined);
  assert.equal(spans.find(range(0xfff, 2)), undefined);
  spans.forget();
  assert.equal(spans.find(range(0x1000, 1)), undefined);
});
