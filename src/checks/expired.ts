import { grouped } from '../core/text.ts';
import { isSelfSigned } from '../pki/signature.ts';
import { dayOf } from '../pki/time.ts';
import { defineCheck } from './check.ts';
import { type CertificateAt, type CheckContext, certificatesIn, nameOf, type Slot } from './context.ts';
import { isTestMaterial } from './espressif-test-keys.ts';

const day = 24 * 60 * 60 * 1000;

/** A certificate past its last day. */
export const expired = defineCheck({
  code: 'expired',
  severity: 'error',
  summary: 'A certificate has expired.',
  explain: async () => ({
    meaning: 'Peers reject it at once; the device rejects it as soon as its clock is set.',
    cause: 'Certificates for trials are often made for a year or less, and a build does not renew them.',
    remedy:
      'Renew it. If the key stays, only the certificate has to be flashed: `at-pki flash client_cert`. `at-pki certs list` shows which one is next.',
    source: 'RFC 5280, section 4.1.2.5; mbedTLS, MBEDTLS_X509_BADCERT_EXPIRED.',
  }),
  run: (context) =>
    context.slots.flatMap((slot) =>
      certificatesIn(slot)
        .filter(({ certificate }) => certificate.notAfter < context.now)
        .map((one) => {
          const days = Math.floor((context.now.getTime() - one.certificate.notAfter.getTime()) / day);
          const ago = days === 0 ? 'today' : days === 1 ? 'a day ago' : `${grouped(days)} days ago`;
          const message = `${nameOf(one)} expired on ${dayOf(one.certificate.notAfter)}, ${ago}`;
          const isOfOthers = hasOthers(slot, context);
          const isSpare = isRootBehind(slot, one);
          const isMinor = isTestMaterial(one.certificate.publicKey.spkiSha256) || isOfOthers || isSpare;
          const severity = isMinor ? ('warning' as const) : undefined;
          const hint = isOfOthers
            ? 'remove it: the other CAs in the file still work'
            : isSpare
              ? 'remove it: peers use their own copy of the root'
              : 'renew it: once its clock is set, the device and its peers reject it';
          return { slot, object: one.object, message, hint, severity, deviceCodes: ['-0x2700'] };
        }),
    ),
});

/** Sent along at the end of the device's own chain, where no peer needs it. */
const isRootBehind = (slot: Slot, { certificate, object }: CertificateAt): boolean =>
  slot.kind === 'cert' &&
  certificatesIn(slot).length > 1 &&
  certificatesIn(slot).at(-1)?.object === object &&
  isSelfSigned(certificate);

/** A bundle of CAs goes on working by those that are valid. */
const hasOthers = (slot: Slot, { now }: CheckContext): boolean =>
  slot.kind === 'ca' && certificatesIn(slot).some(({ certificate }) => certificate.notAfter >= now);
