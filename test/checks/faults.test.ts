import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Slot } from '../../src/checks/context.ts';
import { codesOf, faults, pki, slot } from '../support/slots.ts';

/** What each file gets as a CA, as a certificate, and as a key: alone in its slot, in a PKI bin of an unknown release. */
const table: Record<string, [ca: string, cert: string, key: string]> = {
  'good.crt': ['leaf-as-ca', '', 'slot-kind'],
  'good_ca.crt': ['', '', 'slot-kind'],
  'good.key': ['private-key-exposed', 'private-key-exposed', ''],
  'good_pkcs8.key': ['private-key-exposed', 'private-key-exposed', ''],
  'other.key': ['private-key-exposed', 'private-key-exposed', ''],
  'key_where_ca_belongs.crt': ['private-key-exposed', 'private-key-exposed', ''],
  'cert_where_key_belongs.key': ['leaf-as-ca', '', 'slot-kind'],
  'key_inside_cert.pem': ['private-key-exposed leaf-as-ca', 'private-key-exposed', ''],
  'public_key.pem': ['slot-kind', 'slot-kind', 'slot-kind'],
  'request.csr': ['slot-kind', 'slot-kind', 'slot-kind'],
  'encrypted_legacy.key': ['private-key-exposed', 'private-key-exposed', 'encrypted-key'],
  'encrypted_pkcs8.key': ['private-key-exposed', 'private-key-exposed', 'encrypted-key'],

  'empty.crt': ['empty-file', 'empty-file', 'empty-file'],
  'blank.crt': ['empty-file', 'empty-file', 'empty-file'],
  'binary_garbage.crt': ['unparsable', 'unparsable', 'unparsable'],
  'bad_base64.crt': ['unparsable', 'unparsable', 'slot-kind'],
  'garbage_inside.crt': ['unparsable', 'unparsable', 'slot-kind'],
  'truncated.crt': ['unparsable', 'unparsable', 'slot-kind'],
  'utf16.crt': ['unreadable-form leaf-as-ca', 'unreadable-form', 'slot-kind'],

  // Unusual, and nothing the device minds.
  'bom.crt': ['leaf-as-ca', '', 'slot-kind'],
  'crlf.crt': ['leaf-as-ca', '', 'slot-kind'],
  'no_final_newline.crt': ['leaf-as-ca', '', 'slot-kind'],
  'nul_terminated.crt': ['leaf-as-ca', '', 'slot-kind'],
  'text_before.crt': ['leaf-as-ca', '', 'slot-kind'],
  '$(touch pwned);.crt': ['leaf-as-ca', '', 'slot-kind'],
  'space in name.crt': ['leaf-as-ca', '', 'slot-kind'],
  'unicode-证书.crt': ['leaf-as-ca', '', 'slot-kind'],
  'der.crt': ['leaf-as-ca', '', 'slot-kind'],
  'der_named.der': ['leaf-as-ca', '', 'slot-kind'],
  'der.key': ['private-key-exposed', 'private-key-exposed', 'pem-required'],
  'der_pkcs8.der': ['private-key-exposed', 'private-key-exposed', 'pem-required'],

  'expired.crt': ['expired leaf-as-ca', 'expired', 'slot-kind'],
  'not_yet_valid.crt': ['not-yet-valid leaf-as-ca', 'not-yet-valid', 'slot-kind'],
  'ca_false.crt': ['not-a-ca', '', 'slot-kind'],
  'ca_v1_no_basic.crt': ['not-a-ca', '', 'slot-kind'],
  'chain_leaf_first.pem': ['', '', 'slot-kind'],
  'chain_wrong_order.pem': ['', 'chain-order', 'slot-kind'],
  'chain_unrelated.pem': ['leaf-as-ca', 'chain-unrelated', 'slot-kind'],

  'md5_signed.crt': ['leaf-as-ca weak-signature', 'weak-signature', 'slot-kind'],
  'sha1_signed.crt': ['leaf-as-ca weak-signature', 'weak-signature', 'slot-kind'],
  'rsa1024.crt': ['not-a-ca weak-key', 'weak-key', 'slot-kind'],
  'rsa512.key': ['private-key-exposed', 'private-key-exposed', 'weak-key'],
  'ed25519.crt': ['not-a-ca unsupported-algorithm', 'unsupported-algorithm', 'slot-kind'],
  'ed25519.key': ['private-key-exposed', 'private-key-exposed', 'unsupported-algorithm'],
  'secp256k1.crt': ['not-a-ca unsupported-algorithm', 'unsupported-algorithm', 'slot-kind'],
  'secp256k1.key': ['private-key-exposed', 'private-key-exposed', 'unsupported-algorithm'],
  'secp521r1.crt': ['not-a-ca', '', 'slot-kind'],
  'secp521r1.key': ['private-key-exposed', 'private-key-exposed', ''],
  'brainpoolP256r1.crt': ['not-a-ca', '', 'slot-kind'],
  'brainpoolP256r1.key': ['private-key-exposed', 'private-key-exposed', ''],
};

test('the table has every file with a fault', () => {
  assert.deepEqual(Object.keys(table).sort(), readdirSync(faults).sort());
});

for (const [name, codes] of Object.entries(table)) {
  test(`${name}: what it gets as a CA, a certificate and a key`, () => {
    const found = ['client_ca', 'client_cert', 'client_key'].map((place) => codesOf([slot(place, name)]).join(' '));
    assert.deepEqual(found, codes);
  });
}

test('MQTT takes no DER at all; an NVS image gets PEM made of it', () => {
  for (const place of ['mqtt_ca', 'mqtt_cert']) {
    const codes = codesOf([slot(place, 'der.crt')]).filter((code) => code !== 'leaf-as-ca');
    assert.deepEqual(codes, ['pem-required'], place);
  }
  assert.deepEqual(codesOf([slot('mqtt_key', 'der.key')]), ['pem-required']);
  assert.deepEqual(codesOf([slot('mqtt_key', 'der.key')], { target: { format: 'nvs' } }), []);
});

const tree = join(pki, 'raw_data');

/** Every file of the good tree, by its folder. */
function goodTree(): Slot[] {
  return readdirSync(tree).flatMap((folder) =>
    readdirSync(join(tree, folder))
      .sort()
      .map((name, index) => slot(`${folder}.${index}`, readFileSync(join(tree, folder, name)), `${folder}/${name}`)),
  );
}

test('the good tree gets nothing, in either format', () => {
  for (const format of ['atpki', 'nvs'] as const) assert.deepEqual(codesOf(goodTree(), { target: { format } }), []);
});
