import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from '../../src/checks/index.ts';
import { certificatePem, keyPem, newKey } from '../support/certificate.ts';
import { contextOf, slot } from '../support/slots.ts';

test('200 certificates with their keys are checked in under 400 ms', () => {
  const types = ['rsa2048', 'prime256v1', 'rsa2048', 'secp384r1'];
  const pool = types.map((type) => newKey(type));
  const caKey = newKey('prime256v1');
  const files = Array.from({ length: 200 }, (_, index) => {
    const key = pool[index % pool.length] ?? caKey;
    const order = { subject: `leaf ${index}`, key, issuer: 'root', issuerKey: caKey, serial: index };
    return { index, certificate: certificatePem(order), key: keyPem(key) };
  });
  const ca = certificatePem({ subject: 'root', key: caKey, ca: true });
  const start = process.hrtime.bigint();
  const slots = files.flatMap(({ index, certificate, key }) => [
    slot(`client_cert.${index}`, certificate),
    slot(`client_key.${index}`, key),
  ]);
  const found = runChecks(contextOf([slot('server_ca', ca), ...slots]));
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  // Four keys for two hundred slots.
  assert.deepEqual([...new Set(found.map(({ code }) => code))], ['same-key-twice']);
  assert.ok(milliseconds < 400, `${milliseconds} ms`);
});
