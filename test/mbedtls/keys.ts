import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures } from '../support/paths.ts';
import { context, integer, octets, oid, sequence } from './der.ts';

/** Curves as OpenSSL calls them. */
export const curves = {
  prime192v1: '1.2.840.10045.3.1.1',
  secp224r1: '1.3.132.0.33',
  prime256v1: '1.2.840.10045.3.1.7',
  secp384r1: '1.3.132.0.34',
  secp521r1: '1.3.132.0.35',
  secp192k1: '1.3.132.0.31',
  secp224k1: '1.3.132.0.32',
  secp256k1: '1.3.132.0.10',
  brainpoolP256r1: '1.3.36.3.3.2.8.1.1.7',
  brainpoolP384r1: '1.3.36.3.3.2.8.1.1.11',
  brainpoolP512r1: '1.3.36.3.3.2.8.1.1.13',
  // Unknown to mbedTLS.
  secp160r1: '1.3.132.0.8',
  sect283r1: '1.3.132.0.17',
} as const;
export type Curve = keyof typeof curves;

/** The same key in every run for the same name. Its number fits each of these curves, since it is short. */
export function curveKey(name: string, curve: Curve = 'prime256v1'): KeyObject {
  const number = createHash('sha256').update(`at-pki ${name}`).digest().subarray(0, 18);
  const der = sequence(integer(1), octets(number), context(0, oid(curves[curve])));
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'sec1' });
}

const fixture = (name: string): KeyObject => createPrivateKey(readFileSync(join(fixtures, 'pki/faults', name)));

/** RSA keys are slow to make: those of 2048 bits are read. */
export const rsaKeys = { own: fixture('good.key'), other: fixture('other.key') };

const made = new Map<number, KeyObject>();

/** An RSA key of another size, made once in a run. */
export function rsaKey(bits: number): KeyObject {
  if (bits === 2048) return rsaKeys.own;
  const key = made.get(bits) ?? generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
  made.set(bits, key);
  return key;
}

export const keys = {
  root: curveKey('root'),
  intermediate: curveKey('intermediate'),
  own: curveKey('own'),
  other: curveKey('other'),
};
