import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decrypt, encrypt } from '../../../src/formats/nvs/crypto.ts';
import { decode } from '../../../src/formats/nvs/decode.ts';
import { encode } from '../../../src/formats/nvs/encode.ts';
import { decodeKeys, encodeKeys, keysFromHmac, keysFromRandom } from '../../../src/formats/nvs/keys.ts';
import { slotOffset } from '../../../src/formats/nvs/layout.ts';
import { flash, namespace } from '../../support/nvs-builder.ts';
import { filled } from '../../support/nvs-content.ts';
import { sha256 } from '../../support/nvs-golden.ts';

const keys = keysFromRandom(filled(64, 1));
const file = (name: string) => new Uint8Array(readFileSync(`test/fixtures/nvs/keys/${name}`));

function imageOf(): Uint8Array {
  const encoded = encode(
    { entries: [{ namespace: 'a', key: 'k', type: 'blob', value: filled(9000, 2) }] },
    { size: 0x5000 },
  );
  assert.ok(encoded.ok);
  return encoded.value.image;
}

test('each slot is one data unit of XTS-AES-256, numbered by its offset', () => {
  const image = imageOf();
  const encrypted = encrypt(image, keys);
  assert.ok(encrypted.ok);
  for (const [page, slot] of [
    [0, 0],
    [0, 1],
    [1, 125],
    [2, 7],
  ] as const) {
    const at = slotOffset(page, slot);
    const number = Buffer.alloc(16);
    number.writeUInt32LE(at);
    const cipher = createCipheriv('aes-256-xts', Buffer.concat([keys.data, keys.tweak]), number);
    const wanted = cipher.update(image.subarray(at, at + 32));
    assert.equal(Buffer.compare(encrypted.value.subarray(at, at + 32), wanted), 0, `page ${page}, slot ${slot}`);
  }
});

test('headers, bitmaps, slots without content and the input stay as they are', () => {
  const image = imageOf();
  const before = image.slice();
  const encrypted = encrypt(image, keys);
  assert.ok(encrypted.ok);
  assert.deepEqual(image, before);
  for (let page = 0; page < 5; page++) {
    assert.deepEqual(
      encrypted.value.subarray(page * 4096, page * 4096 + 64),
      image.subarray(page * 4096, page * 4096 + 64),
    );
  }
  assert.deepEqual(encrypted.value.subarray(4 * 4096), image.subarray(4 * 4096));
});

test('what was erased on the device is still encrypted there, and is decrypted with the rest', () => {
  const plain = flash({ items: [namespace('a', 1), { namespace: 1, type: 'u8', key: 'k', value: 1, mark: 'erased' }] });
  const encrypted = encrypt(plain, keys);
  assert.ok(encrypted.ok);
  assert.notDeepEqual(encrypted.value.subarray(96, 128), plain.subarray(96, 128));
  assert.deepEqual(decrypt(encrypted.value, keys), plain);
});

test('a wrong key shows: not one entry can be read', () => {
  const encrypted = encrypt(imageOf(), keys);
  assert.ok(encrypted.ok);
  const decoded = decode(decrypt(encrypted.value, keysFromRandom(filled(64, 3))));
  assert.ok(decoded.ok);
  assert.equal(decoded.value.looksEncrypted, true);
});

test('keys with equal halves encrypt nothing, but still decrypt', () => {
  const equal = keysFromRandom(new Uint8Array(64));
  const refused = encrypt(imageOf(), equal);
  assert.ok(!refused.ok);
  assert.equal(refused.error.code, 'nvs-key-file');
  assert.equal(decrypt(imageOf(), equal).length, 0x5000);
});

test('a key partition is read back, and a damaged or short one is refused', () => {
  const image = encodeKeys(keys);
  assert.equal(image.length, 4096);
  const read = decodeKeys(image);
  assert.ok(read.ok);
  assert.deepEqual(read.value, keys);
  assert.deepEqual(encodeKeys(read.value), image);

  const golden = decodeKeys(file('key_ok.bin'));
  assert.ok(golden.ok);
  assert.equal(Buffer.compare(encodeKeys(golden.value), file('key_ok.bin')), 0);
  assert.ok(decodeKeys(file('key_64only.bin')).ok);

  const damaged = decodeKeys(file('key_badcrc.bin'));
  assert.ok(!damaged.ok);
  assert.equal(damaged.error.message, 'the checksum of its keys is wrong: the device would refuse them');
  const blank = decodeKeys(file('key_ff.bin'));
  assert.ok(!blank.ok);
  assert.equal(blank.error.message, 'is erased: there are no keys in it');
  const short = decodeKeys(file('key_short.bin'));
  assert.ok(!short.ok);
  assert.equal(short.error.message, 'has 32 bytes; NVS keys take 64');
  assert.equal(decodeKeys(image.subarray(0, 66)).ok, false);
});

test('keys derived from an HMAC key are those of the reference', () => {
  const derived = keysFromHmac(file('hmac.bin'));
  assert.ok(derived.ok);
  const cases: { name: string; new: string }[] = JSON.parse(readFileSync('test/fixtures/nvs/cases.json', 'utf8'));
  assert.equal(sha256(encodeKeys(derived.value)), cases.find((one) => one.name === 'hmac_key')?.new);
  assert.equal(keysFromHmac(new Uint8Array(31)).ok, false);
});
