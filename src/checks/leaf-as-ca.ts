import { isSelfSigned } from '../pki/signature.ts';
import { defineCheck } from './check.ts';
import { called, nameOf, quoted } from './context.ts';
import { uselessCas } from './not-a-ca.ts';
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
    context.slots.flatMap(uselessCas).flatMap((one) => {
      const { certificate, slot, object } = one;
      if (certificate.isCa === true || isSelfSigned(certificate)) return [];
      const message = `${nameOf(one)} is the certificate of ${called(certificate)} itself, not of a CA: the device trusts nobody by it`;
      const hint = `put the CA here that signed it: ${quoted(certificate.issuer)}`;
      return [{ slot, object, message, hint, severity: severityOf(slot, object, context), deviceCodes: ['-0x2700'] }];
    }),
});
