import { keyText } from '../pki/public-key.ts';
import { isSelfSigned } from '../pki/signature.ts';
import type { Certificate } from '../pki/x509.ts';
import { isSupported } from './supported.ts';
import { isWeak } from './weak-key.ts';
import { isWeaklySigned } from './weak-signature.ts';

/**
 * Why the mbedTLS of ESP-AT would refuse a certificate for its key or signature, as clauses; empty where it would not.
 * By the rules of the checks.
 */
export function refusalsOf(certificate: Certificate): string[] {
  const { publicKey, signature } = certificate;
  const refusals: string[] = [];
  if (!isSupported(publicKey)) refusals.push(`its key is ${keyText(publicKey)}, a kind it does not know`);
  else if (isWeak(publicKey)) refusals.push(`its key is ${keyText(publicKey)}, too short`);
  const isKnown = signature.type === 'RSA' || signature.type === 'EC';
  if (!isKnown && !isSelfSigned(certificate)) {
    refusals.push(`it is signed by ${signature.name}, a kind it does not know`);
  }
  if (isWeaklySigned(certificate)) refusals.push(`it is signed by ${signature.name}, and SHA-256 is the least`);
  return refusals;
}
