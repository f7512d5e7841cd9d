import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SlipReader, slipFrame } from '../../../../src/device/drivers/stub/slip.ts';

/** What a reader makes of these chunks. */
function framesIn(...chunks: readonly Uint8Array[]): number[][] {
  const frames: number[][] = [];
  const reader = new SlipReader((frame) => frames.push([...frame]));
  for (const chunk of chunks) reader.push(chunk);
  return frames;
}

test('the two bytes that mean something are escaped, all others stand as they are', () => {
  const frame = slipFrame(Uint8Array.of(0x01, 0xc0, 0xdb, 0xdc, 0xdd));
  assert.deepEqual([...frame], [0xc0, 0x01, 0xdb, 0xdc, 0xdb, 0xdd, 0xdc, 0xdd, 0xc0]);
});

test('whatever is framed comes out again, however the stream is cut', () => {
  const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 });
  fc.assert(
    fc.property(contents, fc.integer({ min: 1, max: 9 }), (frames, step) => {
      const stream = Uint8Array.from(frames.flatMap((content) => [...slipFrame(content)]));
      const chunks = Array.from({ length: Math.ceil(stream.length / step) }, (_, index) =>
        stream.subarray(index * step, (index + 1) * step),
      );
      assert.deepEqual(
        framesIn(...chunks),
        frames.map((content) => [...content]),
      );
    }),
  );
});

test('the text of a boot, a torn frame and a wrong escape do not cost the frame behind them', () => {
  const good = slipFrame(Uint8Array.of(1, 8));
  const boot = new TextEncoder().encode('ets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON_RESET)\r\n');
  assert.deepEqual(framesIn(boot, good), [[1, 8]]);
  assert.deepEqual(framesIn(Uint8Array.of(0xc0, 1, 2), good).at(-1), [1, 8]);
  assert.deepEqual(framesIn(Uint8Array.of(0xc0, 1, 0xdb, 0x41, 2, 0xc0), good), [[1, 8]]);
  assert.deepEqual(framesIn(Uint8Array.of(0xc0, 1, 0xdb, 0xc0), good), [[1, 8]]);
});

test('a stream of nonsense without an end does not fill the memory', () => {
  const reader = new SlipReader(() => assert.fail('a frame of nonsense'));
  reader.push(Uint8Array.of(0xc0));
  for (let index = 0; index < 64; index++) reader.push(new Uint8Array(0x1000));
  reader.push(Uint8Array.of(0xc0));
});
