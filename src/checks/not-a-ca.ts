import { isSelfSigned } from '../pki/signature.ts';
import type { Certificate } from '../pki/x509.ts';
import { chainsOf } from './chains.ts';
import { defineCheck, type Finding } from './check.ts';
import { type CertificateAt, called, certificatesIn, nameOf, type Slot } from './context.ts';
import { severityOf } from './refusals.ts';

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
  run: (context) => [
    ...context.slots.flatMap(uselessCas).flatMap((at): Finding[] => {
      const { certificate, slot, object } = at;
      if (isLeaf(certificate)) return [];
      const severity = certificate.selfIssued || hasUseful(slot) ? 'warning' : severityOf(slot, object, context);
      const others = hasUseful(slot) ? '; the others in the file are used' : '';
      const message = `${nameOf(at)} is not a CA: ${whyNoCa(certificate)}${others}`;
      const hint = hasUseful(slot)
        ? 'remove it from the file, or reissue it with basicConstraints=critical,CA:TRUE'
        : 'reissue the CA with basicConstraints=critical,CA:TRUE; until then only a peer with this very certificate is accepted';
      return [{ slot, object, message, severity, hint, deviceCodes: ['-0x2700'] }];
    }),
    // Peers follow the chain that the device sends.
    ...chainsOf(context).flatMap(({ slot, certificates, path }) =>
      path.slice(1).flatMap((issuer): Finding[] => {
        if (issuer.selfIssued || isCaInChain(issuer)) return [];
        const object = certificates.find(({ certificate }) => certificate === issuer)?.object;
        const message = `${slot.name}: ${called(issuer)} signed a certificate of the chain and is not a CA: ${whyNoCa(issuer)}; peers reject the chain`;
        const hint = 'reissue it with basicConstraints=critical,CA:TRUE and keyUsage=keyCertSign';
        return [{ slot, object, message, hint, deviceCodes: ['-0x7780'] }];
      }),
    ),
  ],
});

/** As mbedTLS judges an intermediate that was sent: of that, version 1 says too little. */
export const isCaInChain = ({ isCa, keyUsage }: Certificate): boolean =>
  isCa === true && keyUsage?.keyCertSign !== false;

export function whyNoCa({ isCa }: Certificate): string {
  if (isCa === true) return 'its key usage does not allow signing certificates';
  return isCa === false ? 'it says CA:FALSE' : 'it has no basic constraints (CA:TRUE)';
}

/** Returns true for the certificate of a server or client, false for a CA with wrong extensions. */
export const isLeaf = (certificate: Certificate): boolean => certificate.isCa !== true && !isSelfSigned(certificate);

/** The certificates of a CA slot that cannot be a CA to the device. */
export const uselessCas = (slot: Slot): readonly CertificateAt[] =>
  slot.kind === 'ca' ? certificatesIn(slot).filter(({ certificate }) => !maySignOthers(certificate)) : [];

/** Returns true if the device can use a certificate of a CA slot as a CA. */
export const hasUseful = (slot: Slot): boolean =>
  certificatesIn(slot).some(({ certificate }) => maySignOthers(certificate));

/** As mbedTLS judges a trusted certificate (x509_crt_check_parent): before version 3, there was no way to say it. */
const maySignOthers = (certificate: Certificate): boolean => certificate.version < 3 || isCaInChain(certificate);
