import type { PkiObject } from '../pki/object.ts';
import type { Refusal } from '../pki/refusal.ts';
import { defineCheck, type Finding } from './check.ts';
import { type CheckContext, certificatesIn, keyIn, nameOf, type Slot } from './context.ts';
import { isLeftOut, judged, removeFromBundle, severityOf } from './refusals.ts';

/** A certificate or key that OpenSSL reads, and the mbedTLS of the firmware does not. */
export const refusedForm = defineCheck({
  code: 'refused-form',
  severity: 'error',
  summary: 'A certificate or key has a form that the mbedTLS of the device rejects.',
  explain: async () => ({
    meaning:
      'mbedTLS reads less than OpenSSL does: a critical extension that it does not know, an odd version, name or form of key, and the file as a whole counts as unreadable.',
    cause: 'A company CA with name constraints, a tool of another vendor, or Windows made the file.',
    remedy:
      'Reissue the certificate without the named part. Convert a key: openssl pkey -in FILE -traditional -out NEW. For development: `at-pki certs create client`.',
    source: 'mbedTLS, library/x509_crt.c, x509.c, pkparse.c, rsa.c; measured with 2.16, 2.28 and 3.6.',
  }),
  run: (context) =>
    context.slots.flatMap((slot) => {
      const key = keyIn(slot);
      if (key?.privateKey && key.problem === undefined) {
        return findingsOf(slot, key, slot.name, key.privateKey.refusals, context);
      }
      return certificatesIn(slot).flatMap((at) =>
        findingsOf(slot, at.object, nameOf(at), at.certificate.refusals, context),
      );
    }),
});

/** The first refusal by all that the device may have; else that by some. */
function findingsOf(
  slot: Slot,
  object: PkiObject,
  name: string,
  refusals: readonly Refusal[],
  context: CheckContext,
): Finding[] {
  if (refusals.length === 0) return [];
  const found = refusals.flatMap((refusal) => {
    const verdict = judged(refusal.by, context.target);
    return verdict ? [{ ...refusal, ...verdict }] : [];
  });
  const worst = found.find(({ severity }) => severity === 'error') ?? found[0];
  if (worst === undefined) return [];
  const { message, who, codes: deviceCodes, hint: own } = worst;
  const severity = worst.severity === 'error' ? severityOf(slot, object, context) : 'warning';
  const does = who === 'the device' ? 'the device does not read it' : `${who} do not read it`;
  const isOut = isLeftOut(slot, object, context);
  const hint = isOut
    ? removeFromBundle
    : slot.kind === 'key'
      ? (own ?? 'convert it to the older form: openssl pkey -in FILE -traditional -out NEW')
      : `reissue ${slot.kind === 'ca' ? 'the CA' : 'the certificate'} without it`;
  return [{ slot, object, severity, message: `${name} ${message}: ${does} (${deviceCodes[0]})`, hint, deviceCodes }];
}
