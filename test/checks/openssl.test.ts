import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { identify } from '../../src/formats/identify.ts';
import { certificatePem, keyPem, newKey, type Order } from '../support/certificate.ts';
import { isInstalled, outputOf, ran } from '../support/child.ts';
import { randomFrom } from '../support/random.ts';
import { scratch } from '../support/scratch.ts';
import { codesOf, slot } from '../support/slots.ts';

const openssl = (args: readonly string[]) => ran('openssl', args);
const skip = isInstalled('openssl', 'version') ? false : 'openssl is not installed';

const day = 24 * 60 * 60 * 1000;

test('200 certificates with random faults are judged as openssl judges them', { skip }, (context) => {
  const folder = scratch(context);
  const next = randomFrom(7);
  const keys = ['rsa2048', 'rsa1024', 'prime256v1', 'secp384r1', 'brainpoolP256r1', 'secp256k1'].map(newKey);
  const keyFiles = keys.map((key, index) => {
    const file = join(folder, `${index}.key`);
    writeFileSync(file, keyPem(key));
    return { key, file, pem: keyPem(key), spki: outputOf('openssl', ['pkey', '-in', file, '-pubout']) };
  });
  const pick = () => keyFiles[next(keyFiles.length)] ?? assert.fail();
  const [caKey, strangerKey] = [newKey('prime256v1'), newKey('prime256v1')];
  const root: Order = { subject: 'root', key: caKey, ca: true };
  const caFile = join(folder, 'ca.crt');
  writeFileSync(caFile, certificatePem(root));
  const ca = slot('server_ca', certificatePem(root));
  const counts = { damaged: 0, expired: 0, mismatch: 0, unrelated: 0, overlooked: 0 };

  const cases = Array.from({ length: 200 }, (_, round) => {
    const own = pick();
    const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + (next(2000) - 700) * day);
    const issuerKey = next(4) === 0 ? strangerKey : caKey;
    const order = { subject: 'leaf', key: own.key, issuer: 'root', issuerKey, notAfter, serial: round };
    const bytes = certificatePem({ ...order, notBefore: new Date(notAfter.getTime() - 3000 * day), ca: next(2) === 0 });
    // One character of the body or a cut: most of them hit, some only change a signature.
    const damage = next(6);
    if (damage === 0) bytes[40 + next(300)] = 0x2a + next(60);
    const given = damage === 1 ? bytes.subarray(0, next(bytes.length)) : bytes;
    const file = join(folder, `${round}.crt`);
    writeFileSync(file, given);
    return { given, file, isDamaged: damage < 2, held: next(3) === 0 ? pick() : own };
  });
  const verified = openssl([
    ...['verify', '-no_check_time', '-auth_level', '0', '-CAfile', caFile],
    ...cases.map(({ file }) => file),
  ]).stdout.split('\n');

  for (const { given, file, isDamaged, held } of cases) {
    const shown = openssl(['x509', '-in', file, '-noout', '-pubkey', '-checkend', '0']);
    const theirs = { parsed: shown.stdout.includes('BEGIN PUBLIC KEY'), expired: shown.stdout.includes('will expire') };
    const label = `${given.toString('latin1')}: ${shown.stderr}`;
    const object = identify(given).objects[0];
    const type = object?.problem === undefined ? object?.certificate?.publicKey.type : undefined;
    const isKnown = type !== undefined && type !== 'other';
    // Each refuses some damage that the other does not look at; a whole certificate both read.
    if (isKnown !== theirs.parsed) assert.ok(isDamaged, label);
    if (isKnown && !theirs.parsed) counts.overlooked++;
    if (!isKnown || !theirs.parsed) {
      counts.damaged++;
      continue;
    }
    const codes = codesOf([ca, slot('client_cert', given), slot('client_key', held.pem)], { now: new Date() });
    assert.equal(codes.includes('expired'), theirs.expired, label);
    const matches = shown.stdout.includes(held.spki);
    assert.equal(codes.includes('key-mismatch'), !matches, label);
    const isVerified = verified.includes(`${file}: OK`);
    if (!isDamaged) assert.equal(codes.includes('chain-unrelated'), !isVerified, label);
    counts.expired += theirs.expired ? 1 : 0;
    counts.mismatch += matches ? 0 : 1;
    counts.unrelated += isVerified ? 0 : 1;
  }
  const { overlooked, ...others } = counts;
  assert.ok(overlooked <= 6, `${overlooked} damaged certificates were taken`);
  for (const [fault, number] of Object.entries(others)) assert.ok(number > 10, `${fault}: ${number}`);
});
