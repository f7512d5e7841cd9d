import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Hash } from '../pki/algorithms.ts';
import { isSelfSigned } from '../pki/signature.ts';
import type { Certificate } from '../pki/x509.ts';
import { at, type Check, certificatesIn, nameOf } from './context.ts';

const weak: ReadonlySet<Hash> = new Set<Hash>(['MD2', 'MD4', 'MD5', 'SHA-1', 'SHA-224']);

/** A signature over a hash below SHA-256. Nobody verifies the one that a root puts on itself. */
export const weakSignature: Check = ({ slots }) =>
  slots
    .flatMap(certificatesIn)
    .filter(({ certificate }) => isWeaklySigned(certificate))
    .map((one) => {
      const message = `${nameOf(one)} is signed by ${one.certificate.signature.name}; TLS wants SHA-256 or better`;
      const hint = 'have it signed anew with SHA-256';
      return diagnostic('weak-signature', message, { ...at(one.slot, one.object), hint });
    });

export function isWeaklySigned(certificate: Certificate): boolean {
  const { hash } = certificate.signature;
  return hash !== undefined && weak.has(hash) && !isSelfSigned(certificate);
}
