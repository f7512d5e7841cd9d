import { everyMbedTls, releasesWith } from '../firmware/mbedtls.ts';
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
import { isSupported } from './supported.ts';
import { isWeak } from './weak-key.ts';
import { isWeaklySigned } from './weak-signature.ts';
import { whyNot, wrongPurpose } from './wrong-purpose.ts';

/**
 * Returns why the mbedTLS of ESP-AT would reject a certificate by itself, as clauses; empty if it would not. By the rules of
 * the checks, for a device whose release is not known.
 */
export function refusalsOf(certificate: Certificate): string[] {
  const { publicKey, signature } = certificate;
  const refusals = certificate.refusals.map(({ message, codes, by = everyMbedTls }) => {
    const who = by.length === everyMbedTls.length ? '' : `, to ${releasesWith(by)}`;
    return `it ${message} (${codes[0]})${who}`;
  });
  if (!isSupported(publicKey)) refusals.push(`its key is ${keyText(publicKey)}, a kind it does not know`);
  else if (isWeak(publicKey)) refusals.push(`its key is ${keyText(publicKey)}, too short`);
  const isKnown = signature.type === 'RSA' || signature.type === 'EC';
  if (!isKnown && !isSelfSigned(certificate)) {
    refusals.push(`it is signed by ${signature.name}, a kind it does not know`);
  }
  if (isWeaklySigned(certificate)) refusals.push(`it is signed by ${signature.name}, and SHA-256 is the least`);
  return refusals;
}

/** Reason for which a device rejects a chain: the check with its code, and a clause. */
export interface ChainRefusal {
  readonly check: Check;
  readonly message: string;
  readonly deviceCodes: readonly string[];
}

/** Judges a chain, from the leaf up, as a client does; of a file, which may be for any purpose and on
 * any day, the chain alone. */
export function chainRefusals(chain: readonly Certificate[], of: 'server' | 'file', now: Date): ChainRefusal[] {
  const found: ChainRefusal[] = [];
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
  const [leaf] = chain;
  if (of === 'file' || leaf === undefined) return found;
  const why = whyNot(leaf, 'server');
  if (why && !why.isPartly)
    found.push({ check: wrongPurpose, message: `${called(leaf)} ${why.message}`, deviceCodes: ['-0x7a00'] });
  for (const certificate of chain.filter((member) => !isSelfSigned(member) || member === leaf)) {
    const { notBefore, notAfter } = certificate;
    if (notAfter < now) {
      const message = `${called(certificate)} expired on ${dayOf(notAfter)}`;
      found.push({ check: expired, message, deviceCodes: ['-0x2700'] });
    } else if (notBefore > now) {
      const message = `${called(certificate)} is valid only from ${dayOf(notBefore)} on`;
      found.push({ check: notYetValid, message, deviceCodes: ['-0x2700'] });
    }
  }
  return found;
}
