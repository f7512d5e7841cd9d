import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, getCurves, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { type EncryptedKey, openKey } from '../../src/pki/open-key.ts';

const passphrase = 'secret';

/** Made for this test: `openssl ecparam -name SM2 -genkey -noout | openssl ec -aes128 -passout pass:secret`. */
const sm2 = `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,ADA1DA16DFC99C7E6F1CA17CCB77C496

44epcgMkBqjKALnAeK8fUGSq34eRgEVr6Vtop6HreX4AACKqqXkAetwuapaOxBpC
V+sF4aNV5gr0xabXuhE7RpeZDF0z4Q51DV08T47TmnElHdAhxfbFMCDpIoTn+6uS
VsN5MZUhlPvd6o3q+bsu9Zl9F1orOtcFVOYdgjz3nl4=
-----END EC PRIVATE KEY-----
`;

/** Node itself would end with an assertion of its C++ when it is asked for this key as SEC 1. */
test('a key on the curve SM2 with the label EC PRIVATE KEY is opened', { skip: !getCurves().includes('SM2') }, () => {
  const opened = openKey({ form: 'traditional', label: 'EC PRIVATE KEY', text: sm2 }, passphrase);
  assert.equal(opened.ok && opened.value.label, 'EC PRIVATE KEY');
});

const pairs: [name: string, label: string, type: 'pkcs1' | 'sec1', key: KeyObject][] = [
  ['RSA', 'RSA PRIVATE KEY', 'pkcs1', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
  ['P-256', 'EC PRIVATE KEY', 'sec1', generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey],
  ['P-521', 'EC PRIVATE KEY', 'sec1', generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey],
  [
    'explicit parameters',
    'EC PRIVATE KEY',
    'sec1',
    generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).privateKey,
  ],
];
for (const [name, label, type, key] of pairs) {
  test(`an opened key of the older form is what OpenSSL writes: ${name}`, () => {
    const text = String(key.export({ type, format: 'pem', cipher: 'aes-128-cbc', passphrase }));
    const opened = openKey({ form: 'traditional', label, text }, passphrase);
    assert.ok(opened.ok);
    assert.equal(opened.value.label, label);
    assert.deepEqual(Buffer.from(opened.value.der), key.export({ type, format: 'der' }));
  });
}

/** OpenSSL would count to the number, which takes half an hour, and neither Ctrl-C nor a time-out would end it. */
test('a key whose password would take two thousand million rounds is refused at once', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ type: 'pkcs8', format: 'der', cipher: 'aes-128-cbc', passphrase });
  // INTEGER 2048, which Node takes, in PBKDF2's parameters.
  const at = der.indexOf(Buffer.from('02020800', 'hex'));
  assert.ok(at > 0);
  const longer = Buffer.concat([der.subarray(0, at), Buffer.from('02047fffffff', 'hex'), der.subarray(at + 4)]);
  // The five sequences around it grow by 2 bytes.
  for (const length of [2, 4, 17, 19, 32]) longer.writeUInt8(longer.readUInt8(length) + 2, length);
  const key: EncryptedKey = { form: 'PKCS #8', der: longer };
  assert.deepEqual(openKey(key, passphrase), { ok: false, error: 'cipher' });
  assert.ok(createPrivateKey({ key: der, format: 'der', type: 'pkcs8', passphrase }));
});
