import { isSignedBy } from './signature.ts';
import type { Certificate } from './x509.ts';

/** Certificates of one name that are tried as an issuer: beyond a few, somebody wants to keep this busy. */
const mostCandidates = 16;

export type IssuerOf = (certificate: Certificate) => Certificate | undefined;

/** Finds issuers among some certificates: by name and by a signature that was verified. */
export function issuersAmong(certificates: readonly Certificate[]): IssuerOf {
  const byName = new Map<string, Certificate[]>();
  for (const one of certificates) {
    const same = byName.get(one.subject.raw) ?? [];
    if (same.length < mostCandidates) byName.set(one.subject.raw, [...same, one]);
  }
  const found = new Map<Certificate, Certificate | undefined>();
  return (certificate) => {
    if (found.has(certificate)) return found.get(certificate);
    const candidates = byName.get(certificate.issuer.raw) ?? [];
    // Of a root that stands there twice, each is its own issuer.
    const sorted = candidates.includes(certificate) ? [certificate, ...candidates] : candidates;
    const issuer = sorted.find((candidate) => isSignedBy(certificate, candidate) === true);
    found.set(certificate, issuer);
    return issuer;
  };
}

/** The way from a certificate up to the last issuer that is known; each is taken once. */
export function pathFrom(start: Certificate, issuerOf: IssuerOf): Certificate[] {
  const path = new Set([start]);
  for (let next = issuerOf(start); next !== undefined && !path.has(next); next = issuerOf(next)) path.add(next);
  return [...path];
}

/** Certificates sorted into chains, each from its leaf up; what two chains share stands in the first of them. */
export function chainsOf(certificates: readonly Certificate[], issuerOf: IssuerOf): Certificate[][] {
  const issuers = new Set(
    certificates.map((certificate) => (issuerOf(certificate) === certificate ? undefined : issuerOf(certificate))),
  );
  const taken = new Set<Certificate>();
  const chains: Certificate[][] = [];
  // Behind the leaves those that signed one another in a circle.
  for (const start of [...certificates.filter((certificate) => !issuers.has(certificate)), ...certificates]) {
    if (taken.has(start)) continue;
    const chain = pathFrom(start, issuerOf).filter((one) => !taken.has(one));
    for (const one of chain) taken.add(one);
    chains.push(chain);
  }
  return chains;
}
