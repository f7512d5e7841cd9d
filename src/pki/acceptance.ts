import type { Hash } from './algorithms.ts';
import { keyText } from './public-key.ts';
import { isSelfSigned } from './signature.ts';
import type { Certificate } from './x509.ts';

const curves = new Set(['P-256', 'P-384', 'P-521', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1']);
const hashes: ReadonlySet<Hash> = new Set<Hash>(['SHA-256', 'SHA-384', 'SHA-512']);

/**
 * Why the mbedTLS of ESP-AT would refuse a certificate for its key or signature, as clauses; empty where it would not.
 * By mbedtls_x509_crt_profile_default: RSA from 2048 bits, NIST curves from P-256, Brainpool, SHA-256 or better.
 */
export function refusalsOf(certificate: Certificate): string[] {
  const { publicKey, signature } = certificate;
  const { type, bits, curve = '' } = publicKey;
  const refusals: string[] = [];
  if (type === 'RSA' ? bits < 2048 : type !== 'EC' || !curves.has(curve)) {
    const weak = type === 'RSA' || curve === 'P-192' || curve === 'P-224';
    refusals.push(`its key is ${keyText(publicKey)}${weak ? ', too short' : ', a kind it does not know'}`);
  }
  // A root is trusted by being there: nobody looks at the signature that it puts on itself.
  if (isSelfSigned(certificate)) return refusals;
  const isKnown = signature.type === 'RSA' || signature.type === 'EC';
  if (!isKnown) refusals.push(`it is signed by ${signature.name}, a kind it does not know`);
  else if (signature.hash === undefined || !hashes.has(signature.hash)) {
    refusals.push(`it is signed by ${signature.name}, and SHA-256 is the least`);
  }
  return refusals;
}
