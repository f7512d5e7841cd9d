import { createHmac } from 'node:crypto';
import { concat, erased, viewOf } from '../../core/bytes.ts';
import type { DecodeProblem } from '../../core/result.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { count } from '../../core/text.ts';
import { crcOf } from './crc.ts';
import { pageSize } from './layout.ts';

/** The keys of an encrypted NVS partition, 32 bytes each. */
export interface NvsKeys {
  readonly data: Uint8Array;
  readonly tweak: Uint8Array;
}

const keySize = 32;
const bothKeys = 2 * keySize;

/** Makes keys from 64 random bytes. */
export function keysFromRandom(random: Uint8Array): NvsKeys {
  if (random.length !== bothKeys) throw new RangeError(`NVS keys are made from ${bothKeys} random bytes`);
  return { data: random.slice(0, keySize), tweak: random.slice(keySize) };
}

/**
 * The keys that the firmware derives from an HMAC key in eFuse (ESP-IDF, the HMAC scheme of nvs_sec_provider):
 * SHA-256 HMACs of two constants, eight times each.
 */
export function keysFromHmac(hmacKey: Uint8Array): Result<NvsKeys, string> {
  if (hmacKey.length !== keySize) {
    return fail(`an HMAC key has ${keySize} bytes; this one has ${hmacKey.length}`);
  }
  const derived = (constant: readonly number[]): Uint8Array => {
    const message = Uint8Array.from({ length: 32 }, (_, at) => constant[at % constant.length] ?? 0);
    return new Uint8Array(createHmac('sha256', hmacKey).update(message).digest());
  };
  return ok({ data: derived([0x5a, 0x5a, 0xbe, 0xae]), tweak: derived([0xa5, 0xa5, 0xde, 0xce]) });
}

/** The image of an `nvs_keys` partition: both keys, their checksum, the rest of the 4096 bytes erased. */
export function encodeKeys({ data, tweak }: NvsKeys): Uint8Array {
  const image = erased(pageSize);
  image.set(concat([data, tweak]));
  viewOf(image).setUint32(bothKeys, crcOf(image, 0, bothKeys), true);
  return image;
}

/** Reads an `nvs_keys` partition, or a file of the 64 bytes alone. Says nothing of the keys themselves. */
export function decodeKeys(bytes: Uint8Array): Result<NvsKeys, DecodeProblem> {
  if (bytes.length < bothKeys) {
    const message = `has ${count(bytes.length, 'byte')}; NVS keys take ${bothKeys}`;
    return fail({ offset: bytes.length, message });
  }
  const keys = keysFromRandom(bytes.slice(0, bothKeys));
  if (bytes.length === bothKeys) return ok(keys);
  if (bytes.length < bothKeys + 4) {
    return fail({ offset: bytes.length, message: `ends within the checksum of its keys, after ${bytes.length} bytes` });
  }
  if (bytes.subarray(0, bothKeys + 4).every((byte) => byte === 0xff)) {
    return fail({ offset: 0, message: 'is erased: there are no keys in it' });
  }
  if (crcOf(bytes, 0, bothKeys) !== viewOf(bytes).getUint32(bothKeys, true)) {
    return fail({ offset: bothKeys, message: 'the checksum of its keys is wrong: the device would refuse them' });
  }
  return ok(keys);
}
