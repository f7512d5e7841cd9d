import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat } from '../../src/core/bytes.ts';
import { certificatePem, newKey, type Order } from '../support/certificate.ts';
import { codesOf, saidOf, slot } from '../support/slots.ts';

const key = newKey('prime256v1');
const otherKey = newKey('prime256v1');
const root: Order = { subject: 'root', key, ca: true, serial: 1 };
const intermediate: Order = {
  subject: 'intermediate',
  key: otherKey,
  issuer: 'root',
  issuerKey: key,
  ca: true,
  serial: 2,
};
const leaf: Order = { subject: 'leaf', key, issuer: 'intermediate', issuerKey: otherKey, ca: false, serial: 3 };
const client = (...orders: Order[]) => slot('client_cert', certificatePem(...orders));

test('days are counted from the clock that is given', () => {
  const one = client({ ...root, ca: false, notBefore: new Date('2026-05-01'), notAfter: new Date('2026-07-01') });
  const said = (now: string, expiresWithin = 30) => saidOf([one], { now: new Date(now), expiresWithin });
  assert.deepEqual(said('2026-04-30T23:59:59Z'), [
    'warning not-yet-valid client_cert is valid only from 2026-05-01 on',
  ]);
  assert.deepEqual(said('2026-05-02'), []);
  assert.deepEqual(said('2026-05-02', 90), ['warning expires-soon client_cert expires on 2026-07-01, in 60 days']);
  assert.deepEqual(said('2026-06-30'), ['warning expires-soon client_cert expires on 2026-07-01, in 1 day']);
  assert.deepEqual(said('2026-07-01T00:00:00Z'), ['warning expires-soon client_cert expires on 2026-07-01, in 0 days']);
  assert.deepEqual(said('2026-07-01T00:00:01Z'), ['error expired client_cert expired on 2026-07-01, today']);
  assert.deepEqual(said('2026-07-04'), ['error expired client_cert expired on 2026-07-01, 3 days ago']);
});

test('an expired CA in a bundle with valid ones is a warning, with its line', () => {
  const old: Order = { ...root, subject: 'old', serial: 9, notAfter: new Date('2025-01-01') };
  const bundle = slot('client_ca', certificatePem(root, old));
  assert.match(
    saidOf([bundle]).join(),
    /^warning expired:\d+ client_ca: "CN=old" expired on 2025-01-01, 516 days ago$/,
  );
  assert.match(saidOf([slot('client_ca', certificatePem(old))]).join(), /^error expired /);
});

test('what a CA slot takes: CAs by their extensions, and old ones that have none', () => {
  const ca = (order: Order) => codesOf([slot('client_ca', certificatePem(order))]).join();
  assert.equal(ca(root), '');
  assert.equal(ca({ ...root, maySign: true }), '');
  assert.equal(ca({ ...root, maySign: false }), 'not-a-ca');
  assert.equal(ca({ ...root, ca: false }), 'not-a-ca');
  assert.equal(ca({ subject: 'root', key }), 'not-a-ca');
  assert.equal(ca({ subject: 'root', key, version: 1 }), '');
  assert.equal(ca(intermediate), '');
  assert.equal(ca(leaf), 'leaf-as-ca');
  assert.equal(codesOf([slot('client_ca', certificatePem(leaf, intermediate, root))]).join(), '');
});

test('a chain from the leaf up, with the root or without it, is in order', () => {
  assert.deepEqual(codesOf([client(leaf)]), []);
  assert.deepEqual(codesOf([client(leaf, intermediate)]), []);
  assert.deepEqual(codesOf([client(leaf, intermediate, root)]), []);
  assert.deepEqual(codesOf([client(leaf, leaf, intermediate)]), []);
});

test('a chain out of order is told the right one', () => {
  assert.deepEqual(codesOf([client(leaf, root, intermediate)]), ['chain-order']);
  assert.deepEqual(codesOf([client(root, intermediate, leaf)]), ['chain-order']);
  assert.deepEqual(codesOf([client(intermediate, leaf)]), ['chain-order']);
});

test('a certificate that is no part of the chain', () => {
  const stranger: Order = { subject: 'stranger', key: otherKey, ca: true, serial: 7 };
  assert.deepEqual(codesOf([client(leaf, stranger)]), ['chain-unrelated']);
  // The root alone does not sign the leaf: the intermediate between them is missing.
  assert.deepEqual(codesOf([client(leaf, root)]), ['chain-unrelated']);
  assert.deepEqual(codesOf([client(leaf, intermediate, stranger)]), ['chain-unrelated']);
});

test('server_ca is the CA of clients: one of the right name and another key did not sign', () => {
  const signed: Order = { subject: 'client', key: otherKey, issuer: 'root', issuerKey: key };
  const made = slot('server_ca', certificatePem(root));
  const anew = slot('server_ca', certificatePem({ ...root, key: otherKey }));
  assert.deepEqual(codesOf([made, client(signed)]), []);
  assert.deepEqual(codesOf([anew, client(signed)]), ['chain-unrelated']);
  assert.deepEqual(codesOf([slot('client_ca', certificatePem({ ...root, key: otherKey })), client(signed)]), []);
  const server = slot('server_cert', certificatePem(signed));
  assert.deepEqual(codesOf([slot('client_ca', certificatePem({ ...root, key: otherKey })), server]), [
    'chain-unrelated',
  ]);
  // A CA of another name says nothing: a cloud signs devices by another CA than its servers.
  assert.deepEqual(codesOf([slot('server_ca', certificatePem({ ...root, subject: 'other' })), client(signed)]), []);
});

test('an intermediate that another file sends along is missed', () => {
  const second: Order = { ...leaf, subject: 'second', serial: 4 };
  const first = slot('client_cert.0', certificatePem(leaf, intermediate));
  const alone = slot('client_cert.1', certificatePem(second));
  assert.deepEqual(codesOf([first, alone]), ['chain-incomplete']);
  assert.deepEqual(codesOf([first, slot('client_cert.1', certificatePem(second, intermediate))]), []);
  assert.deepEqual(codesOf([first, alone, slot('server_ca', certificatePem(intermediate))]), []);
});

test('a weak hash counts where it is verified: not on a root', () => {
  const rsa = newKey('rsa2048');
  const weak: Order = { subject: 'root', key: rsa, ca: true, hash: 'sha1' };
  assert.deepEqual(codesOf([slot('client_ca', certificatePem(weak))]), []);
  const signed: Order = { subject: 'client', key, issuer: 'root', issuerKey: rsa, hash: 'sha1' };
  assert.deepEqual(saidOf([client(signed)]), [
    'warning weak-signature client_cert is signed by RSA with SHA-1; TLS wants SHA-256 or better',
  ]);
  assert.deepEqual(codesOf([client({ ...signed, hash: 'sha384' })]), []);
});

test('Wi-Fi Enterprise needs a NUL of its own from v2.2 to v3.1, and only there', () => {
  const codes = (place: string, release?: string, file = 'good_ca.crt') =>
    codesOf([slot(place, file)], { target: { format: 'atpki', ...(release !== undefined && { release }) } }).join();
  assert.equal(codes('wpa2_ca', 'v2.2.0.0_esp32'), 'trailing-nul');
  assert.equal(codes('wpa2_ca', 'v3.1'), 'trailing-nul');
  assert.equal(codes('wpa2_key', 'v2.4.0.0', 'good.key'), 'trailing-nul');
  for (const release of ['v2.1.0.0_esp32', 'v3.2', 'v5.0', 'master', undefined])
    assert.equal(codes('wpa2_ca', release), '');
  assert.equal(codes('client_ca', 'v3.0'), '');
  assert.equal(codes('wpa2_cert', 'v3.0', 'nul_terminated.crt'), '');
  const mended = slot('wpa2_ca', concat([slot('wpa2_ca', 'good_ca.crt').bytes, new Uint8Array(1)]));
  assert.deepEqual(codesOf([mended], { target: { format: 'atpki', release: 'v3.0' } }), []);
});
