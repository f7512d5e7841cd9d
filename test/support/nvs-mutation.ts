import assert from 'node:assert/strict';
import { crcOf, headCrc, pageCrc } from '../../src/formats/nvs/crc.ts';
import { decrypt, encrypt } from '../../src/formats/nvs/crypto.ts';
import { decode } from '../../src/formats/nvs/decode.ts';
import { settingsOf } from '../../src/formats/nvs/edit.ts';
import { encode } from '../../src/formats/nvs/encode.ts';
import { keysFromRandom } from '../../src/formats/nvs/keys.ts';
import { slotOffset, slotsPerPage } from '../../src/formats/nvs/layout.ts';
import { blob, flash, freeing, full, namespace } from './nvs-builder.ts';
import { filled } from './nvs-content.ts';

/** Random and mutated images, the same for the same seed, and what must hold for each of them. */

const keys = keysFromRandom(filled(64, 9));

function seeds(): Uint8Array[] {
  const encoded = encode(
    {
      namespaces: ['empty'],
      entries: [
        { namespace: 'client_ca', key: 'client_ca.0', type: 'blob', value: filled(5000, 1) },
        { namespace: 'client_ca', key: 'client_ca.1', type: 'blob', value: new Uint8Array() },
        { namespace: 'factory_param', key: 'country', type: 'string', value: 'CN' },
        { namespace: 'factory_param', key: 'baud', type: 'i32', value: -115200 },
        { namespace: 'factory_param', key: 'mac', type: 'u64', value: 1n << 60n },
      ],
    },
    { size: 0x4000 },
  );
  assert.ok(encoded.ok);
  const encrypted = encrypt(encoded.value.image, keys);
  assert.ok(encrypted.ok);
  const device = flash(
    { state: freeing, sequence: 1, items: [namespace('a', 1), ...blob(1, 'k', 'old')] },
    { state: full, sequence: 2, version: 0xff, items: [{ namespace: 1, type: 'wholeBlob', key: 'w', data: 'whole' }] },
    {
      sequence: 3,
      items: [namespace('a', 1), ...blob(1, 'k', 'new', 0x80), { namespace: 1, type: 'string', key: 's', data: 'x\0' }],
    },
    undefined,
  );
  return [encoded.value.image, encrypted.value, device, new Uint8Array(0x2000), new Uint8Array(0x3000).fill(0xff)];
}

/** Pseudo-random whole numbers below a limit (mulberry32). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const originals = seeds();

export function mutated(random: (limit: number) => number): Uint8Array {
  const original = originals[random(originals.length)] ?? new Uint8Array();
  if (random(20) === 0) return filled(random(3 * 4096), random(2 ** 31));
  const image = original.slice(0, random(10) === 0 ? random(original.length + 1) : original.length);
  const pages = Math.floor(image.length / 4096);
  for (let count = random(12); count > 0 && image.length > 0; count--) {
    // Mostly where something stands: headers, bitmaps and the first entries.
    const at = random(2) === 0 ? random(image.length) : (random(pages + 1) * 4096 + random(400)) % image.length;
    image[at] = random(3) === 0 ? (image[at] ?? 0) ^ (1 << random(8)) : random(256);
  }
  if (pages > 0 && random(2) === 0) mend(image, pages, random);
  return image;
}

/** Puts checksums right again, so that what was broken is taken for true. */
function mend(image: Uint8Array, pages: number, random: (limit: number) => number): void {
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  for (let page = 0; page < pages; page++) {
    view.setUint32(page * 4096 + 28, pageCrc(image, page * 4096), true);
    for (let slot = 0; slot < slotsPerPage; slot++) {
      if (random(2) === 0) continue;
      const at = slotOffset(page, slot);
      const length = view.getUint16(at + 24, true);
      if (random(4) === 0) view.setUint32(at + 28, crcOf(image.subarray(at + 32, at + 32 + length)), true);
      view.setUint32(at + 4, headCrc(image, at), true);
    }
  }
}

/** No exception, nothing larger than the image, and what was read can be written again unless a rule says why not. */
export function survives(image: Uint8Array): void {
  const before = image.slice();
  const decoded = decode(image);
  const decrypted = decrypt(image, keys);
  assert.equal(decrypted.length, image.length);
  decode(decrypted);
  assert.equal(Buffer.compare(image, before), 0);
  if (!decoded.ok) return;
  const { entries, pages, warnings, namespaces } = decoded.value;
  const bytes = entries.reduce(
    (sum, { value }) => sum + (value instanceof Uint8Array || typeof value === 'string' ? value.length : 8),
    0,
  );
  const slots = Math.floor(image.length / 4096) * slotsPerPage;
  assert.ok(bytes <= image.length);
  assert.ok(entries.length + namespaces.length <= slots);
  assert.ok(warnings.length <= 2 * slots + pages.length + 1);
  for (const page of pages) assert.ok(page.used + page.erased + page.free <= slotsPerPage);
  const again = encode(decoded.value, settingsOf(decoded.value));
  if (!again.ok) assert.ok(again.error.every((problem) => problem.message !== ''));
}
