import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkImages, type PlannedImage } from '../../src/flash/images.ts';

const flashSize = 4 * 1024 * 1024;
const partition = (name: string, offset: number, size: number, length = 100): PlannedImage => ({
  name,
  offset,
  size,
  bytes: new Uint8Array(length),
});
const said = (...images: readonly PlannedImage[]): string[] =>
  checkImages(images, { size: flashSize }).map(({ code, partition: name, message }) => `${code} ${name}: ${message}`);

test('images side by side, up to the last byte of the flash, are fine', () => {
  assert.deepEqual(said(partition('a', 0x3fc000, 0x2000), partition('b', 0x3fe000, 0x2000, 0x2000)), []);
});

test('a partition beyond the end of the flash is refused with the numbers', () => {
  assert.deepEqual(said(partition('client_ca', 0x3ff000, 0x2000)), [
    'flash-too-small client_ca: client_ca (0x3ff000 to 0x400fff) reaches 4,096 bytes beyond the flash of this chip, which has 4M',
  ]);
});

test('partitions within a sector, over each other, or too small for their image are refused', () => {
  const codes = (...images: readonly PlannedImage[]) => said(...images).map((line) => line.split(' ')[0]);
  assert.deepEqual(codes(partition('a', 0x21800, 0x1000)), ['partition-alignment']);
  assert.deepEqual(codes(partition('a', 0x21000, 0x1800)), ['partition-alignment']);
  assert.deepEqual(codes(partition('a', 0x21000, 0x2000), partition('b', 0x22000, 0x1000)), ['partition-overlap']);
  assert.deepEqual(said(partition('a', 0x21000, 0x1000, 5000)), [
    'partition-full a: a has 5,000 bytes, its partition holds 4,096 (904 too many)',
  ]);
});
