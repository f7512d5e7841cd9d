import { everyMbedTls, releasesWith } from '../firmware/mbedtls.ts';
import { issuersAmong, pathFrom } from '../pki/chains.ts';
import { keyText } from '../pki/public-key.ts';
import { isSelfSigned } from '../pki/signature.ts';
import { dayOf } from '../pki/time.ts';
import type { Certificate } from '../pki/x509.ts';
import { chainTooLong, mostIntermediates } from './chain-too-long.ts';
import type { Check } from './check.ts';
import { called } from './context.ts';
import { expired } from './expired.ts';
import { isCaInChain, notACa, whyNoCa } from './not-a-ca.ts';
import { notYetValid } from './not-yet-valid.ts';
import { pathLength, tooShort } from './path-length.ts';
import { refusedForm } from './refused-form.ts';
import { isSupported } from './supported.ts';
import { unsupportedAlgorithm } from './unsupported-algorithm.ts';
import { isWeak, weakKey } from './weak-key.ts';
import { isWeaklySigned, weakSignature } from './weak-signature.ts';
import { whyNot, wrongPurpose } from './wrong-purpose.ts';

/** Reason for which a device rejects a certificate or a chain: the check with its code, and a clause. */
export interface Rejection {
  readonly check: Check;
  readonly message: string;
  readonly deviceCodes: readonly string[];
}

/** Returns the rejections of a certificate by itself. `isPartly`: some releases accept it. */
function rejectionsOf(certificate: Certificate): (Rejection & { readonly isPartly?: boolean })[] {
  const { publicKey, signature } = certificate;
  const rejections = certificate.refusals.map(({ message, codes, by = everyMbedTls }) => {
    const isPartly = by.length < everyMbedTls.length;
    const text = `it ${message} (${codes[0]})${isPartly ? `, to ${releasesWith(by)}` : ''}`;
    return { check: refusedForm as Check, message: text, deviceCodes: codes, isPartly };
  });
  const reject = (check: Check, message: string, ...deviceCodes: readonly string[]) =>
    rejections.push({ check, message, deviceCodes, isPartly: false });
  if (!isSupported(publicKey)) {
    reject(unsupportedAlgorithm, `its key is ${keyText(publicKey)}, a kind it does not know`, '-0x3c80', '-0x3a00');
  } else if (isWeak(publicKey)) reject(weakKey, `its key is ${keyText(publicKey)}, too short`, '-0x2700');
  const isKnown = signature.type === 'RSA' || signature.type === 'EC';
  if (!isKnown && !isSelfSigned(certificate)) {
    reject(unsupportedAlgorithm, `it is signed by ${signature.name}, a kind it does not know`, '-0x262e');
  }
  if (isWeaklySigned(certificate)) {
    reject(weakSignature, `it is signed by ${signature.name}, and SHA-256 is the least`, '-0x2700');
  }
  return rejections;
}

/**
 * Returns why the mbedTLS of ESP-AT would reject a certificate by itself, as clauses; empty if it would not. The rules are
 * those of the checks, for a device with an unknown release.
 */
export const refusalsOf = (certificate: Certificate): string[] =>
  rejectionsOf(certificate).map(({ message }) => message);

/**
 * Judges what a server sends as the device does: the path from the first certificate, which is the server's own. Other
 * certificates in the message have no effect.
 */
export function serverRejections(sent: readonly Certificate[], now: Date): Rejection[] {
  const [leaf] = sent;
  if (leaf === undefined) return [];
  const path = pathFrom(leaf, issuersAmong(sent));
  // The device has its own copy of the root.
  const members = path.filter((member) => member === leaf || !isSelfSigned(member));
  const why = whyNot(leaf, 'server');
  return [
    ...chainRejections(path),
    ...members.flatMap((member) =>
      rejectionsOf(member)
        .filter(({ isPartly }) => !isPartly)
        .map((rejection) => ({ ...rejection, message: `${called(member)}: ${rejection.message}` })),
    ),
    ...(why && !why.isPartly
      ? [{ check: wrongPurpose, message: `${called(leaf)} ${why.message}`, deviceCodes: ['-0x7a00'] }]
      : []),
    ...members.flatMap((member) => dateRejections(member, now)),
  ];
}

function dateRejections(certificate: Certificate, now: Date): Rejection[] {
  const { notBefore, notAfter } = certificate;
  const deviceCodes = ['-0x2700'];
  if (notAfter < now) {
    return [{ check: expired, message: `${called(certificate)} expired on ${dayOf(notAfter)}`, deviceCodes }];
  }
  if (notBefore <= now) return [];
  const message = `${called(certificate)} is valid only from ${dayOf(notBefore)} on`;
  return [{ check: notYetValid, message, deviceCodes }];
}

/** Judges the CAs of a chain, which is in order from the leaf up. */
export function chainRejections(chain: readonly Certificate[]): Rejection[] {
  const found: Rejection[] = [];
  const over = tooShort(chain);
  if (over) {
    const { ca, below } = over;
    const message = `${called(ca)} has the path length (pathlen) ${ca.pathLength}, and ${below} more CA${below === 1 ? '' : 's'} below it`;
    found.push({ check: pathLength, message, deviceCodes: ['-0x2700'] });
  }
  const issuers = chain.slice(1).filter((issuer) => !issuer.selfIssued);
  for (const issuer of issuers.filter((certificate) => !isCaInChain(certificate))) {
    const message = `${called(issuer)} signed a certificate of it and is not a CA: ${whyNoCa(issuer)}`;
    found.push({ check: notACa, message, deviceCodes: ['-0x2700'] });
  }
  if (issuers.length > mostIntermediates) {
    const message = `it has ${issuers.length} intermediates, and mbedTLS follows ${mostIntermediates}`;
    found.push({ check: chainTooLong, message, deviceCodes: ['-0x3000'] });
  }
  return found;
}
