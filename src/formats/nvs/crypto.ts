import { viewOf } from '../../core/bytes.ts';
import { nodeCrypto } from '../../core/crypto.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { NvsKeys } from './keys.ts';
import { pageOffset, pageSize, pageState, slotOffset, slotSize, slotState, slotsPerPage } from './layout.ts';
import type { NvsProblem } from './model.ts';
import { slotStateOf } from './pages.ts';

/*
 * NVS encryption (ESP-IDF, nvs_encrypted_partition): XTS-AES-256 with each slot as one data unit, numbered by its offset
 * in the partition. Headers, bitmaps and slots that were never written stay as they are.
 *
 * Node has aes-256-xts, but takes one call for each data unit (3,500 in a full image) and refuses keys with equal
 * halves even where a device has used them. So XTS is put together here from two runs of AES over all units at once.
 */

/** Encrypts an image. Fails where both halves of the keys are the same, which would undo the protection. */
export function encrypt(image: Uint8Array, keys: NvsKeys): Result<Uint8Array, NvsProblem> {
  if (keys.data.every((byte, index) => byte === keys.tweak[index])) {
    const message = 'the two halves of the NVS keys are the same, which XTS does not allow';
    return fail({ code: 'nvs-key-file', message, hint: 'make a new key file' });
  }
  return ok(transformed(image, keys, 'encrypt'));
}

/** Decrypts an image; whether the keys were right shows when it is decoded. A rest behind the last whole page stays. */
export const decrypt = (image: Uint8Array, keys: NvsKeys): Uint8Array => transformed(image, keys, 'decrypt');

const blockSize = 16;

function transformed(image: Uint8Array, keys: NvsKeys, direction: 'encrypt' | 'decrypt'): Uint8Array {
  const offsets = writtenSlots(image);
  const tweaks = tweaksOf(offsets, keys.tweak);
  const units = new Uint8Array(offsets.length * slotSize);
  for (const [index, offset] of offsets.entries()) {
    units.set(image.subarray(offset, offset + slotSize), index * slotSize);
  }
  mix(units, tweaks);
  const result = aes(units, keys.data, direction);
  mix(result, tweaks);
  const whole = image.slice();
  for (const [index, offset] of offsets.entries()) {
    whole.set(result.subarray(index * slotSize, (index + 1) * slotSize), offset);
  }
  return whole;
}

/** Erased slots count too: the firmware clears their bits in the bitmap and leaves their content. */
function writtenSlots(image: Uint8Array): number[] {
  const offsets: number[] = [];
  const view = viewOf(image);
  for (let page = 0; page < Math.floor(image.length / pageSize); page++) {
    if (view.getUint32(pageOffset(page), true) === pageState.empty) continue;
    for (let slot = 0; slot < slotsPerPage; slot++) {
      if (slotStateOf(image, page, slot) !== slotState.empty) offsets.push(slotOffset(page, slot));
    }
  }
  return offsets;
}

/** For each data unit the encrypted unit number, and for its second block that times x in GF(2^128). */
function tweaksOf(offsets: readonly number[], key: Uint8Array): Uint8Array {
  const numbers = new Uint8Array(offsets.length * blockSize);
  const view = viewOf(numbers);
  for (const [index, offset] of offsets.entries()) view.setUint32(index * blockSize, offset, true);
  const encrypted = viewOf(aes(numbers, key, 'encrypt'));
  const tweaks = new Uint8Array(offsets.length * slotSize);
  const out = viewOf(tweaks);
  for (let index = 0; index < offsets.length; index++) {
    const low = encrypted.getBigUint64(index * blockSize, true);
    const high = encrypted.getBigUint64(index * blockSize + 8, true);
    const at = index * slotSize;
    out.setBigUint64(at, low, true);
    out.setBigUint64(at + 8, high, true);
    // BigInt setters keep the lower 64 bits.
    out.setBigUint64(at + 16, (low << 1n) ^ (high >> 63n === 1n ? 0x87n : 0n), true);
    out.setBigUint64(at + 24, (high << 1n) | (low >> 63n), true);
  }
  return tweaks;
}

function mix(bytes: Uint8Array, tweaks: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = (bytes[at] ?? 0) ^ (tweaks[at] ?? 0);
}

/** AES-256 of each 16-byte block on its own. */
function aes(blocks: Uint8Array, key: Uint8Array, direction: 'encrypt' | 'decrypt'): Uint8Array {
  const make = direction === 'encrypt' ? nodeCrypto().createCipheriv : nodeCrypto().createDecipheriv;
  const cipher = make('aes-256-ecb', key, null).setAutoPadding(false);
  const result = cipher.update(blocks);
  cipher.final();
  return new Uint8Array(result.buffer, result.byteOffset, result.length);
}
