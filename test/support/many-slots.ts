import { certificatePem, keyPem, newKey } from './certificate.ts';
import { contextOf, slot } from './slots.ts';

/** Makes certificates of four keys, and returns what reads them with their keys and their CA for the checks. */
export function manySlots(count: number): () => ReturnType<typeof contextOf> {
  const pool = ['rsa2048', 'prime256v1', 'rsa2048', 'secp384r1'].map((type) => newKey(type));
  const caKey = newKey('prime256v1');
  const files = Array.from({ length: count }, (_, index) => {
    const key = pool[index % pool.length] ?? caKey;
    const order = { subject: `leaf ${index}`, key, issuer: 'root', issuerKey: caKey, serial: index };
    return { certificate: certificatePem(order), key: keyPem(key) };
  });
  const ca = certificatePem({ subject: 'root', key: caKey, ca: true });
  return () =>
    contextOf([
      slot('server_ca', ca),
      ...files.flatMap(({ certificate, key }, index) => [
        slot(`client_cert.${index}`, certificate),
        slot(`client_key.${index}`, key),
      ]),
    ]);
}
