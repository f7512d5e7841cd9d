import { refusalsOf } from '../checks/acceptance.ts';
import { altNamesOf } from '../pki/alt-names.ts';
import { fingerprintOf } from '../pki/certificate-der.ts';
import { keyText } from '../pki/public-key.ts';
import type { Certificate } from '../pki/x509.ts';
import { daysBetween, validity } from './inspection.ts';

/** Who signed a certificate: itself, the next one of its chain, a root that Node knows, or nobody at hand. */
export type SignedBy = 'itself' | 'next' | 'root' | 'unknown';

/** A date without the milliseconds that no certificate has. */
const iso = (date: Date): string => date.toISOString().replace('.000Z', 'Z');

/** A certificate for --json. */
export function certificateFields(certificate: Certificate, now: Date) {
  const { subject, issuer, serial, notBefore, notAfter, publicKey, signature, isCa = false } = certificate;
  const refusals = refusalsOf(certificate);
  return {
    subject: subject.text,
    issuer: issuer.text,
    serial,
    names: altNamesOf(certificate),
    notBefore: iso(notBefore),
    notAfter: iso(notAfter),
    daysLeft: daysBetween(now, iso(notAfter)),
    key: keyText(publicKey),
    signature: signature.name,
    ca: isCa,
    sha256: fingerprintOf(certificate),
    accepted: refusals.length === 0,
    refusals,
  };
}

/** `2024-01-01 to 2044-01-01 (400 days left)`. */
export function validityText({ notBefore, notAfter }: Certificate, now: Date): string {
  const [from, to] = [iso(notBefore), iso(notAfter)];
  return `${from.slice(0, 10)} to ${to.slice(0, 10)} (${validity({ notBefore: from, notAfter: to }, now)})`;
}

/** The same as people read it; the first line is a heading. */
export function certificateLines(certificate: Certificate, signedBy: SignedBy, now: Date): string[] {
  const { subject, issuer, publicKey, signature, isCa } = certificate;
  const names = altNamesOf(certificate);
  const refusals = refusalsOf(certificate);
  return [
    `${isCa ? 'CA certificate' : 'certificate'}, ${keyText(publicKey)}`,
    `  subject    ${subject.text || '(no name)'}`,
    `  issuer     ${certificate.selfIssued ? 'itself' : issuer.text || '(no name)'}`,
    ...(names.length > 0 ? [`  names      ${names.join(', ')}`] : []),
    `  valid      ${validityText(certificate, now)}`,
    `  signature  ${signature.name}, ${signerTexts[signedBy]}`,
    `  ESP-AT     ${refusals.length === 0 ? 'accepts it' : `refuses it: ${refusals.join('; ')}`}`,
    `  SHA-256    ${fingerprintOf(certificate)}`,
  ];
}

const signerTexts: Readonly<Record<SignedBy, string>> = {
  itself: 'by its own key',
  next: 'by the next one',
  root: 'by a root certificate that is known, and not here',
  unknown: 'by a CA that is not here',
};
