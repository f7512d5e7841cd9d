import type { Hash } from '../pki/algorithms.ts';
import { isSelfSigned } from '../pki/signature.ts';
import type { Certificate } from '../pki/x509.ts';
import { defineCheck } from './check.ts';
import { certificatesIn, nameOf } from './context.ts';

const weak: ReadonlySet<Hash> = new Set<Hash>(['MD2', 'MD4', 'MD5', 'SHA-1', 'SHA-224']);

/** A signature over a hash below SHA-256. Nobody verifies the one that a root puts on itself. */
export const weakSignature = defineCheck({
  code: 'weak-signature',
  severity: 'warning',
  summary: 'A certificate is signed with a hash below SHA-256.',
  explain: async () => ({
    meaning: 'Peers reject it: SHA-1 and MD5 signatures can be forged.',
    cause: 'The CA still has its settings of years ago.',
    remedy: 'Sign the certificate again with SHA-256. The signature of a root on itself does not matter.',
    source: 'mbedTLS, mbedtls_x509_crt_profile_default; RFC 9155.',
  }),
  run: ({ slots }) =>
    slots
      .flatMap(certificatesIn)
      .filter(({ certificate }) => isWeaklySigned(certificate))
      .map((one) => {
        const message = `${nameOf(one)} is signed by ${one.certificate.signature.name}; TLS wants SHA-256 or better`;
        const hint = 're-sign it with SHA-256';
        return { slot: one.slot, object: one.object, message, hint };
      }),
});

export function isWeaklySigned(certificate: Certificate): boolean {
  const { hash } = certificate.signature;
  return hash !== undefined && weak.has(hash) && !isSelfSigned(certificate);
}
