import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crcOf } from '../../../src/formats/nvs/crc.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('the checksum is that of zlib started at ffffffff, of nothing too', () => {
  assert.equal(crcOf(bytes('123456789')), 0xd202d277);
  assert.equal(crcOf(new Uint8Array()), 0xffffffff);
});

test('a checksum goes on from that of what stands before', () => {
  assert.equal(crcOf(bytes('..456789'), 2, 8, crcOf(bytes('123'))), 0xd202d277);
});
