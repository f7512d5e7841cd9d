import { sha256 } from '../core/crypto.ts';
import { derOf, tags } from './der.ts';
import { pemOf } from './to-pem.ts';
import type { Certificate } from './x509.ts';

/** The DER of a certificate that was read, whatever file it was read from. DER has one form: wrapping gives the same. */
function certificateDer({ signed: { body, signature } }: Certificate): Uint8Array {
  const end = signature.byteOffset + signature.length;
  return derOf(tags.sequence, new Uint8Array(body.buffer, body.byteOffset, end - body.byteOffset));
}

export const certificatePem = (certificate: Certificate): Uint8Array =>
  pemOf('CERTIFICATE', certificateDer(certificate));

/** Hex digits of the SHA-256 of the whole certificate: what its owner publishes. */
export const fingerprintOf = (certificate: Certificate): string => sha256(certificateDer(certificate));
