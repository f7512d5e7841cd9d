import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { identify } from '../../src/formats/identify.ts';
import { isSelfSigned, isSignedBy } from '../../src/pki/signature.ts';
import { certificateTime } from '../../src/pki/time.ts';
import { derToPem } from '../../src/pki/to-pem.ts';
import type { Certificate } from '../../src/pki/x509.ts';
import { fixtures } from '../support/paths.ts';

const pki = join(fixtures, 'pki');
const objectsOf = (name: string) => identify(readFileSync(join(pki, name))).objects;

function certificateOf(name: string, index = 0): Certificate {
  const certificate = objectsOf(name)[index]?.certificate;
  assert.ok(certificate, name);
  return certificate;
}

test('what is read of a certificate agrees with what OpenSSL reads', () => {
  const names = readdirSync(pki, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.crt'));
  let compared = 0;
  for (const name of names) {
    const [object, ...others] = objectsOf(name);
    if (!object?.certificate || object.fault || others.length > 0) continue;
    const { subject, issuer, notBefore, notAfter, serial, publicKey, isCa } = object.certificate;
    const theirs = new X509Certificate(readFileSync(join(pki, name)));
    assert.equal(subject.text, theirs.subject.replaceAll('\n', ', '), name);
    assert.equal(issuer.text, theirs.issuer.replaceAll('\n', ', '), name);
    assert.equal(notBefore.getTime(), Date.parse(theirs.validFrom), name);
    assert.equal(notAfter.getTime(), Date.parse(theirs.validTo), name);
    assert.equal(BigInt(`0x${serial}`), BigInt(`0x${theirs.serialNumber}`), name);
    assert.equal(isCa ?? false, theirs.ca, name);
    const { modulusLength } = theirs.publicKey.asymmetricKeyDetails ?? {};
    if (modulusLength !== undefined) assert.equal(publicKey.bits, modulusLength, name);
    compared++;
  }
  assert.ok(compared > 25, String(compared));
});

test('signature algorithm, key and basic constraints are told', () => {
  const facts = (name: string) => {
    const { signature, publicKey, isCa, version } = certificateOf(`faults/${name}`);
    return [signature.name, publicKey.type, publicKey.curve ?? publicKey.bits, isCa, version];
  };
  assert.deepEqual(facts('good_ca.crt'), ['RSA with SHA-256', 'RSA', 2048, true, 3]);
  assert.deepEqual(facts('sha1_signed.crt'), ['RSA with SHA-1', 'RSA', 2048, false, 3]);
  assert.deepEqual(facts('md5_signed.crt'), ['RSA with MD5', 'RSA', 2048, false, 3]);
  assert.deepEqual(facts('ed25519.crt'), ['Ed25519', 'Ed25519', 256, false, 3]);
  assert.deepEqual(facts('secp256k1.crt'), ['ECDSA with SHA-256', 'EC', 'secp256k1', false, 3]);
  assert.deepEqual(facts('ca_v1_no_basic.crt'), ['RSA with SHA-256', 'RSA', 2048, undefined, 3]);
});

test('who signed whom', () => {
  const root = certificateOf('faults/good_ca.crt');
  const intermediate = certificateOf('faults/chain_leaf_first.pem', 1);
  const leaf = certificateOf('faults/chain_leaf_first.pem');
  assert.equal(isSelfSigned(root), true);
  assert.equal(isSignedBy(intermediate, root), true);
  assert.equal(isSignedBy(leaf, intermediate), true);
  assert.equal(isSignedBy(leaf, root), false);
  for (const name of ['md5_signed', 'sha1_signed', 'expired']) {
    assert.equal(isSignedBy(certificateOf(`faults/${name}.crt`), root), true, name);
  }
  for (const name of ['ed25519', 'secp256k1', 'secp521r1', 'brainpoolP256r1', 'rsa1024', 'ca_false']) {
    assert.equal(isSelfSigned(certificateOf(`faults/${name}.crt`)), true, name);
  }
});

test('a key and its certificate have one fingerprint, whatever the form of the key', () => {
  const good = certificateOf('faults/good.crt').publicKey.spkiSha256;
  const keyOf = (name: string) => objectsOf(name)[0]?.privateKey?.spkiSha256;
  for (const name of ['good.key', 'good_pkcs8.key', 'der.key', 'der_pkcs8.der']) {
    assert.equal(keyOf(`faults/${name}`), good, name);
  }
  assert.notEqual(keyOf('faults/other.key'), good);
  for (const name of ['ed25519', 'secp256k1', 'secp521r1', 'brainpoolP256r1']) {
    assert.equal(keyOf(`faults/${name}.key`), certificateOf(`faults/${name}.crt`).publicKey.spkiSha256, name);
  }
  for (const [key, certificate] of [
    ['mqtt_key/mqtt_client.key', 'mqtt_cert/mqtt_client.crt'],
    ['https_key/https_client_01.key', 'https_cert/https_client_01.crt'],
  ]) {
    const fingerprint = certificateOf(`raw_data/${certificate}`).publicKey.spkiSha256;
    assert.equal(keyOf(`raw_data/${key}`), fingerprint, key);
  }
});

test('DER becomes the PEM that it was', () => {
  const read = (name: string) => readFileSync(join(pki, 'faults', name));
  const pem = (bytes: Uint8Array) => {
    const made = derToPem(bytes);
    assert.ok(made.ok);
    return Buffer.from(made.value.bytes).toString('latin1');
  };
  assert.equal(pem(read('der.crt')), read('good.crt').toString('latin1'));
  assert.equal(pem(read('der.key')), read('good.key').toString('latin1'));
  assert.equal(pem(read('der_pkcs8.der')), read('good_pkcs8.key').toString('latin1'));
  assert.equal(pem(Buffer.concat([read('der.crt'), Buffer.alloc(3)])), read('good.crt').toString('latin1'));
  assert.deepEqual(derToPem(read('binary_garbage.crt')), {
    ok: false,
    error: { message: 'is no certificate and no private key' },
  });
});

test('dates of certificates: two forms, and none that no calendar has', () => {
  const time = (tag: number, text: string) => {
    const bytes = Buffer.concat([Buffer.of(tag, text.length), Buffer.from(text)]);
    return certificateTime(bytes, { tag, start: 0, content: 2, end: bytes.length })?.toISOString();
  };
  assert.equal(time(0x17, '491231235959Z'), '2049-12-31T23:59:59.000Z');
  assert.equal(time(0x17, '500101000000Z'), '1950-01-01T00:00:00.000Z');
  assert.equal(time(0x18, '20600229120000Z'), '2060-02-29T12:00:00.000Z');
  assert.equal(time(0x18, '99991231235959Z'), '9999-12-31T23:59:59.000Z');
  for (const wrong of ['230231000000Z', '231301000000Z', '230101250000Z', '2301010000', '23010100000+Z', '']) {
    assert.equal(time(0x17, wrong), undefined, wrong);
  }
});
