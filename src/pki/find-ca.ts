import { fail, ok, type Result } from '../core/result.ts';
import { fingerprintOf } from './certificate-der.ts';
import { issuersAmong, pathFrom } from './chains.ts';
import { isSelfSigned } from './signature.ts';
import { dayOf } from './time.ts';
import type { Certificate } from './x509.ts';

/** A CA that a server's certificate leads to. */
export interface FoundCa {
  readonly ca: Certificate;
  /** The server sent it, or it is among the roots at hand. */
  readonly source: 'sent' | 'roots';
  /** It is among the roots at hand, whoever sent it. */
  readonly isKnown: boolean;
}

export interface NoCa {
  readonly message: string;
  readonly hint: string;
}

const askOwner = 'get the CA from whoever runs the server, or name a file that holds it: --roots FILE';

/**
 * The CA to trust for a chain as a server sent it, its leaf first: the root that was sent, else the root at hand that
 * signed the last of the chain; every step by name and by a signature that was verified. Never the leaf itself.
 */
export function findCa(sent: readonly Certificate[], roots: readonly Certificate[], now: Date): Result<FoundCa, NoCa> {
  const [leaf] = sent;
  if (leaf === undefined) return fail({ message: 'it sends no certificate', hint: askOwner });
  if (isSelfSigned(leaf)) {
    const message = 'its certificate is signed by itself: there is no CA above it';
    const hint = 'better give the server a certificate of a CA; to see this one: at-pki certs show';
    return fail({ message, hint });
  }
  const path = pathFrom(leaf, issuersAmong(sent));
  const pretender = path.slice(1).find((one) => !isCaCertificate(one) && !isSelfSigned(one));
  if (pretender !== undefined) {
    const message = `${pretender.subject.text}, which signed a certificate of its chain, does not say that it is a CA`;
    return fail({ message, hint: askOwner });
  }
  const known = new Set(roots.map(fingerprintOf));
  const top = path.at(-1) ?? leaf;
  const candidates: FoundCa[] = [];
  if (top !== leaf && isSelfSigned(top)) {
    candidates.push({ ca: top, source: 'sent', isKnown: known.has(fingerprintOf(top)) });
  }
  const rootOf = issuersAmong(roots);
  // From the top down: a root that was sent may be signed by an older one, and stand among the roots itself.
  for (const one of [...path].reverse()) {
    const root = rootOf(one);
    if (root !== undefined) candidates.push({ ca: root, source: 'roots', isKnown: true });
  }
  const usable = candidates.find(({ ca }) => whyNoUse(ca, now) === undefined);
  if (usable !== undefined) return ok(usable);
  const [first] = candidates;
  if (first !== undefined) {
    return fail({ message: `its root ${first.ca.subject.text} ${whyNoUse(first.ca, now)}`, hint: askOwner });
  }
  return fail(whyNone(sent, top, roots));
}

function whyNoUse(ca: Certificate, now: Date): string | undefined {
  if (!isCaCertificate(ca)) return 'does not say that it is a CA';
  if (ca.notBefore > now) return `is valid only from ${dayOf(ca.notBefore)} on`;
  if (ca.notAfter < now) return `expired on ${dayOf(ca.notAfter)}`;
  return undefined;
}

/** Version 1 had no way to say it, and old roots are of that kind. */
const isCaCertificate = ({ isCa, keyUsage, version }: Certificate): boolean =>
  keyUsage?.keyCertSign !== false && (isCa ?? version === 1);

function whyNone(sent: readonly Certificate[], top: Certificate, roots: readonly Certificate[]): NoCa {
  const isCut = sent.length > 1 && top === sent[0];
  const forged = [...sent, ...roots].some((one) => one !== top && one.subject.raw === top.issuer.raw);
  if (forged) {
    const message = `the CA named ${top.issuer.text} that is at hand did not sign ${top.subject.text}`;
    return { message, hint: askOwner };
  }
  const message = `its chain ends at ${top.subject.text || 'a certificate without a name'}, whose issuer ${top.issuer.text || '(no name)'} was not sent and is not among the known roots`;
  const hint = isCut
    ? `the others that it sends do not belong to it; ${askOwner}`
    : `the server should send its intermediates, too; ${askOwner}`;
  return { message, hint };
}
