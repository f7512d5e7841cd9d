import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificatePem, keyPem, newKey } from '../support/certificate.ts';
import { codesOf, saidOf, slot } from '../support/slots.ts';

test('a key and its certificate are a pair, whatever the form of either', () => {
  for (const certificate of ['good.crt', 'der.crt', 'chain_leaf_first.pem']) {
    for (const key of ['good.key', 'good_pkcs8.key', 'key_inside_cert.pem']) {
      assert.deepEqual(
        codesOf([slot('client_cert', certificate), slot('client_key', key)]),
        [],
        `${certificate} ${key}`,
      );
    }
  }
});

test('a key of another certificate does not match; where its own is at hand, the hint names it', () => {
  assert.deepEqual(saidOf([slot('client_cert', 'good.crt'), slot('client_key', 'other.key')]), [
    'error key-mismatch other.key is not the key of good.crt: a TLS handshake with this pair fails',
  ]);
  assert.deepEqual(saidOf([slot('client_cert', 'good.crt'), slot('client_key', 'secp521r1.key')]), [
    'error key-mismatch secp521r1.key is not the key of good.crt (EC P-521, not RSA 2048): a TLS handshake with this pair fails',
  ]);
  const swapped = [
    slot('client_cert.0', 'good.crt'),
    slot('client_cert.1', 'secp521r1.crt'),
    slot('client_key.0', 'secp521r1.key'),
    slot('client_key.1', 'good.key'),
  ];
  assert.deepEqual(codesOf(swapped), ['key-mismatch', 'key-mismatch']);
});

test('keys are compared within their set only, and never with what cannot be read', () => {
  assert.deepEqual(codesOf([slot('client_cert', 'good.crt'), slot('server_key', 'other.key')]), []);
  assert.deepEqual(codesOf([slot('client_cert', 'truncated.crt'), slot('client_key', 'other.key')]), ['unparsable']);
  assert.deepEqual(codesOf([slot('client_cert', 'good.crt'), slot('client_key', 'encrypted_pkcs8.key')]), [
    'encrypted-key',
  ]);
});

test('a chain with the leaf behind is in the wrong order, not a mismatch', () => {
  assert.deepEqual(codesOf([slot('client_cert', 'chain_wrong_order.pem'), slot('client_key', 'good.key')]), [
    'chain-order',
  ]);
});

test('what is weak in a pair is said once, of the certificate', () => {
  const key = newKey('rsa1024');
  const pair = [slot('client_cert', certificatePem({ subject: 'weak', key })), slot('client_key', keyPem(key))];
  assert.deepEqual(saidOf(pair), [
    'warning weak-key client_cert has a key of RSA 1024; TLS on the device wants 2048 bits or more',
  ]);
  assert.deepEqual(codesOf([slot('client_cert', 'ed25519.crt'), slot('client_key', 'ed25519.key')]), [
    'unsupported-algorithm',
  ]);
  assert.deepEqual(codesOf([slot('client_key', keyPem(newKey('prime192v1')))]), ['weak-key']);
});

test('one key at two places of a set; in two sets it is one identity', () => {
  const twice = [
    slot('client_cert.0', 'good.crt'),
    slot('client_cert.1', 'der.crt'),
    slot('client_key.0', 'good.key'),
    slot('client_key.1', 'der_pkcs8.der'),
  ];
  assert.deepEqual(codesOf(twice, { target: { format: 'nvs' } }), ['same-key-twice']);
  assert.deepEqual(codesOf([slot('client_key', 'good.key'), slot('mqtt_key', 'good_pkcs8.key')]), []);
});

test('as many keys as certificates, where both are named', () => {
  const named = ['client_cert', 'client_key'];
  const certificates = [slot('client_cert.0', 'good.crt'), slot('client_cert.1', 'secp521r1.crt')];
  const key = slot('client_key.0', 'good.key');
  assert.deepEqual(saidOf([...certificates, key], { named }), [
    'error set-incomplete the set client has 2 certificates and 1 key: they are used in pairs',
  ]);
  assert.deepEqual(codesOf([...certificates, key], { named: ['client_cert'] }), []);
  assert.deepEqual(codesOf([...certificates, key, slot('client_key.1', 'secp521r1.key')], { named }), []);
});

test('a hole in a set, and two files where the firmware takes one', () => {
  assert.deepEqual(saidOf([slot('client_ca.0', 'good_ca.crt'), slot('client_ca.2', 'chain_leaf_first.pem')]), [
    'error set-incomplete client_ca has no file 1, and the firmware looks no further: chain_leaf_first.pem is never found',
  ]);
  const two = [slot('mqtt_ca.0', 'good_ca.crt'), slot('mqtt_ca.1', 'chain_leaf_first.pem')];
  assert.deepEqual(saidOf(two), [
    'error set-incomplete mqtt_ca has 2 files, and the firmware uses only the first: not chain_leaf_first.pem',
  ]);
  assert.deepEqual(codesOf([slot('client_ca.0', 'good_ca.crt'), slot('client_ca.1', 'chain_leaf_first.pem')]), []);
});
