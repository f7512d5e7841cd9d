import { isSelfSigned } from '../pki/signature.ts';
import type { Certificate } from '../pki/x509.ts';
import { defineCheck } from './check.ts';
import { type CertificateAt, certificatesIn, nameOf, type Slot } from './context.ts';

/** A root or intermediate in a CA slot that does not say it may sign certificates: mbedTLS does not take it for a CA. */
export const notACa = defineCheck({
  code: 'not-a-ca',
  severity: 'warning',
  summary: 'A certificate in a CA slot does not say that it is a CA.',
  explain: async () => ({
    meaning: 'The device accepts no certificate that it signed, only a peer that presents this very certificate.',
    cause: 'The CA was made without CA:TRUE, or with a key usage that does not allow signing.',
    remedy:
      'Make the CA again with basicConstraints=critical,CA:TRUE and keyUsage=keyCertSign. For development: `at-pki certs create client`.',
    source: 'RFC 5280, section 4.2.1.9; mbedTLS, x509_crt_check_parent.',
  }),
  run: ({ slots }) =>
    slots.flatMap(uselessCas).flatMap((one) => {
      const { certificate, slot, object } = one;
      if (certificate.isCa !== true && !isSelfSigned(certificate)) return [];
      const why =
        certificate.isCa === true
          ? 'its key usage does not allow signing certificates'
          : certificate.isCa === false
            ? 'it says CA:FALSE'
            : 'it has no basic constraints (CA:TRUE)';
      const message = `${nameOf(one)} is no CA: ${why}`;
      const hint =
        'make the CA with basicConstraints=critical,CA:TRUE; only a peer with this very certificate is accepted';
      return [{ slot, object, message, hint }];
    }),
});

/** The certificates of a CA slot, where not one of them can be a CA to the device. */
export function uselessCas(slot: Slot): readonly CertificateAt[] {
  if (slot.kind !== 'ca') return [];
  const certificates = certificatesIn(slot);
  return certificates.some(({ certificate }) => maySignOthers(certificate)) ? [] : certificates;
}

/** As mbedTLS judges a trusted certificate (x509_crt_check_parent): before version 3, there was no way to say it. */
const maySignOthers = ({ version, isCa, keyUsage }: Certificate): boolean =>
  version < 3 || (isCa === true && keyUsage?.keyCertSign !== false);
