import { isIssuedBy } from '../pki/chain.ts';
import { defineCheck, type Finding } from './check.ts';
import { called, certificatesIn, nameOf, quoted } from './context.ts';
import { hasUseful, isLeaf, uselessCas } from './not-a-ca.ts';
import { severityOf } from './refusals.ts';

/** The certificate of a server or client in a CA slot, instead of the one that signed it. */
export const leafAsCa = defineCheck({
  code: 'leaf-as-ca',
  severity: 'error',
  summary: 'A CA slot holds the certificate of a server or client, not of the CA that signed it.',
  explain: async () => ({
    meaning: 'The device looks for the CA that signed the certificate of its peer, and does not find it.',
    cause: "The server's own certificate was saved, from a browser for instance, instead of its issuer.",
    remedy: 'Put the root or intermediate there that signed it: `at-pki certs fetch-ca broker.example:8883 -o ca.pem`.',
    source: 'RFC 5280, section 6.1; mbedTLS, x509_crt_find_parent.',
  }),
  run: (context) =>
    context.slots.flatMap(uselessCas).flatMap((at): Finding[] => {
      const { certificate, slot, object } = at;
      if (!isLeaf(certificate)) return [];
      // A whole chain in the place of a CA does its work: the issuer is what counts.
      if (certificatesIn(slot).some(({ certificate: other }) => isIssuedBy(certificate, other))) return [];
      const isAmongOthers = hasUseful(slot);
      const then = isAmongOthers ? 'it has no effect there' : 'the device trusts no peer by it';
      const message = `${nameOf(at)} is the certificate of ${called(certificate)} itself, not of a CA: ${then}`;
      const hint = isAmongOthers
        ? 'remove it from the file: the others are used'
        : `use the CA that signed it: ${quoted(certificate.issuer)}`;
      const severity = isAmongOthers ? 'warning' : severityOf(slot, object, context);
      return [{ slot, object, message, hint, severity, deviceCodes: ['-0x2700'] }];
    }),
});
