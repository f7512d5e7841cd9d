import { dayOf } from '../pki/time.ts';
import { defineCheck } from './check.ts';
import { certificatesIn, nameOf } from './context.ts';

/** A certificate whose first day is to come. */
export const notYetValid = defineCheck({
  code: 'not-yet-valid',
  severity: 'warning',
  summary: 'A certificate becomes valid only later.',
  explain: async () => ({
    meaning: 'Until its first day it is rejected, by peers and by a device whose clock is set.',
    cause: 'The clock of the machine that made it was ahead, or that of this machine is behind.',
    remedy: 'Compare the clocks, and issue the certificate again if it is wrong.',
    source: 'RFC 5280, section 4.1.2.5; mbedTLS, MBEDTLS_X509_BADCERT_FUTURE.',
  }),
  run: ({ slots, now }) =>
    slots
      .flatMap(certificatesIn)
      .filter(({ certificate }) => certificate.notBefore > now)
      .map((at) => {
        const { slot, object, certificate } = at;
        const [from, to] = [dayOf(certificate.notBefore), dayOf(certificate.notAfter)];
        if (certificate.notAfter < certificate.notBefore) {
          const message = `${nameOf(at)} is never valid: it ends on ${to}, before it begins on ${from}`;
          return {
            slot,
            object,
            message,
            severity: 'error' as const,
            hint: 'reissue it with a valid period',
            deviceCodes,
          };
        }
        const hint = 'check the clock of the machine that made it; until then, the device and its peers reject it';
        return { slot, object, message: `${nameOf(at)} is valid only from ${from} on`, hint, deviceCodes };
      }),
});

const deviceCodes = ['-0x2700'];
