import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from '../core/crypto.ts';
import type { Hash } from './algorithms.ts';
import type { Certificate } from './x509.ts';

const digests: ReadonlyMap<Hash, string> = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-224', 'sha224'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

/**
 * Whether the key of `issuer` signed a certificate; undefined where this Node cannot tell (an algorithm or key that
 * OpenSSL does not take). The names are not compared.
 */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean | undefined {
  const { hash, pss, type } = certificate.signature;
  if (type !== issuer.publicKey.type) return false;
  const digest = hash === undefined ? null : digests.get(hash);
  const key = publicKeyObject(issuer);
  if (digest === undefined || key === undefined) return undefined;
  const padding = pss && { padding: nodeCrypto().constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.salt };
  const { body, signature } = certificate.signed;
  try {
    return nodeCrypto().verify(digest, body, { key, ...padding }, signature);
  } catch {
    return undefined;
  }
}

const keys = new WeakMap<Certificate, KeyObject | null>();

/** Making a key object costs more than verifying with it, and one CA may have signed many certificates. */
function publicKeyObject(certificate: Certificate): KeyObject | undefined {
  const known = keys.get(certificate);
  if (known !== undefined) return known ?? undefined;
  const made = tryKey(certificate.signed.spki);
  keys.set(certificate, made ?? null);
  return made;
}

function tryKey(spki: Uint8Array): KeyObject | undefined {
  try {
    return nodeCrypto().createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Whether a certificate is a root: its own key signed it. */
export const isSelfSigned = (certificate: Certificate): boolean =>
  certificate.selfIssued && isSignedBy(certificate, certificate) === true;
