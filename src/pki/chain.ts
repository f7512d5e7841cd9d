import { isSignedBy } from './signature.ts';
import type { Certificate } from './x509.ts';

/** Whether `issuer` made a certificate: by name and, as far as this Node can tell, by signature. */
export const isIssuedBy = (certificate: Certificate, issuer: Certificate): boolean =>
  certificate.issuer.raw === issuer.subject.raw && isSignedBy(certificate, issuer) !== false;

/**
 * The way from a certificate up as far as `others` lead: itself, its issuer, the issuer's issuer, … A root ends it.
 * Each certificate is taken once, so that two that signed each other come to an end.
 */
export function pathFrom(start: Certificate, others: readonly Certificate[]): Certificate[] {
  const path = [start];
  const left = new Set(others);
  left.delete(start);
  for (let last = start; ; ) {
    if (last.selfIssued) return path;
    const issuer = [...left].find((one) => isIssuedBy(last, one));
    if (issuer === undefined) return path;
    left.delete(issuer);
    path.push(issuer);
    last = issuer;
  }
}

/** The certificate of a file that is sent as one's own: the one that issued none of the others; the first of several. */
export function leafOf(certificates: readonly Certificate[]): Certificate | undefined {
  const issuesNone = (certificate: Certificate) =>
    !certificates.some((other) => other !== certificate && isIssuedBy(other, certificate));
  return certificates.find(issuesNone) ?? certificates[0];
}
