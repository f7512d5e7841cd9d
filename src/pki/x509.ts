import { equalBytes } from '../core/bytes.ts';
import { type SignatureAlgorithm, signatureAlgorithm } from './algorithms.ts';
import {
  checkDer,
  childrenOf,
  contentOf,
  type DerElement,
  elementWithin,
  oidText,
  rawOf,
  smallInteger,
  tags,
} from './der.ts';
import { type DistinguishedName, distinguishedName } from './distinguished-name.ts';
import { type PublicKey, publicKeyOf } from './public-key.ts';
import { certificateTime } from './time.ts';

/** What checks and reports need of a certificate (RFC 5280). */
export interface Certificate {
  /** 1, 2 or 3, as people count: X.509 v3. */
  readonly version: number;
  /** Hex digits. */
  readonly serial: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly signature: SignatureAlgorithm;
  readonly publicKey: PublicKey;
  /** `undefined` where there is no basicConstraints extension. */
  readonly isCa: boolean | undefined;
  /** Whether it may sign certificates; `undefined` where there is no keyUsage extension. */
  readonly maySign: boolean | undefined;
  /** Hex digits. */
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  /** Subject and issuer are the same name. Whether its own key signed it, `isSignedBy` (signature.ts) tells. */
  readonly selfIssued: boolean;
  /** Views of the bytes that a signature is verified with. */
  readonly signed: SignedParts;
}

export interface SignedParts {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  readonly spki: Uint8Array;
}

export interface CertificateProblem {
  readonly message: string;
  /** Bytes from the start of the DER. */
  readonly offset: number;
}

export type ReadCertificate = { readonly certificate: Certificate } | { readonly problem: CertificateProblem };

/** Reads the certificate that a DER starts with. */
export function readCertificate(der: Uint8Array): ReadCertificate {
  const checked = checkDer(der);
  if ('problem' in checked) return checked;
  const [body, outerAlgorithm, signature] = childrenOf(der, checked.top);
  const lacks = (what: string, near: DerElement = checked.top): ReadCertificate => {
    return { problem: { message: `lacks ${what}`, offset: near.start } };
  };
  if (body?.tag !== tags.sequence || outerAlgorithm?.tag !== tags.sequence) return lacks('the body of a certificate');
  if (signature?.tag !== tags.bitString) return lacks('a signature');
  const fields = childrenOf(der, body);
  const explicit = fields[0]?.tag === tags.context(0) ? fields.shift() : undefined;
  const version = explicit ? (smallInteger(der, elementWithin(der, explicit)) ?? 0) + 1 : 1;
  const [serial, algorithm, issuer, validity, subject, spki, ...optional] = fields;
  if (serial?.tag !== tags.integer) return lacks('a serial number', body);
  if (algorithm?.tag !== tags.sequence) return lacks('a signature algorithm', body);
  const names = { subject: distinguishedName(der, subject), issuer: distinguishedName(der, issuer) };
  if (!names.issuer) return lacks('a readable issuer', issuer ?? body);
  if (!names.subject) return lacks('a readable subject', subject ?? body);
  if (!equalBytes(rawOf(der, algorithm), rawOf(der, outerAlgorithm))) {
    return { problem: { message: 'names two signature algorithms', offset: outerAlgorithm.start } };
  }
  const [from, to] = childrenOf(der, validity);
  const notBefore = certificateTime(der, from);
  const notAfter = certificateTime(der, to);
  if (!notBefore || !notAfter) {
    return { problem: { message: 'has a date that does not exist', offset: (validity ?? body).start } };
  }
  const extensions = extensionsOf(der, optional);
  if (!extensions) return lacks('readable extensions', optional[0] ?? body);
  const publicKey = publicKeyOf(der, spki);
  if (!publicKey || !spki) return lacks('a readable public key', spki ?? body);
  return {
    certificate: {
      version,
      serial: hexOf(contentOf(der, serial)),
      subject: names.subject,
      issuer: names.issuer,
      notBefore,
      notAfter,
      signature: signatureAlgorithm(der, outerAlgorithm),
      publicKey,
      ...extensions,
      selfIssued: names.subject.raw === names.issuer.raw,
      signed: {
        body: rawOf(der, body),
        // Behind the byte that counts unused bits.
        signature: der.subarray(signature.content + 1, signature.end),
        spki: rawOf(der, spki),
      },
    },
  };
}

type Extensions = Pick<Certificate, 'isCa' | 'maySign' | 'subjectKeyId' | 'authorityKeyId'>;

/**
 * RFC 5280, 4.2.1: authority key identifier, subject key identifier, key usage, basic constraints. Undefined where the
 * block of extensions is malformed.
 */
function extensionsOf(der: Uint8Array, optional: readonly DerElement[]): Extensions | undefined {
  const block = optional.find(({ tag }) => tag === tags.context(3));
  const values = new Map<string, DerElement>();
  for (const extension of childrenOf(der, elementWithin(der, block))) {
    const [oid, ...rest] = childrenOf(der, extension);
    // `critical` may stand before the value or not.
    const value = rest.length === 2 && rest[0]?.tag === tags.boolean ? rest[1] : rest[0];
    if (oid?.tag !== tags.oid || value?.tag !== tags.octetString || rest.at(-1) !== value) return undefined;
    const inner = elementWithin(der, value);
    if (inner) values.set(oidText(der, oid), inner);
  }
  const authority = childrenOf(der, values.get('2.5.29.35')).find(({ tag }) => tag === 0x80);
  const subject = values.get('2.5.29.14');
  const usage = values.get('2.5.29.15');
  const constraints = values.get('2.5.29.19');
  return {
    isCa: constraints && saysCa(der, constraints),
    // Bit 5 from the left, keyCertSign, in the byte behind the count of unused bits.
    maySign: usage && ((der[usage.content + 1] ?? 0) & 0x04) !== 0,
    subjectKeyId: subject ? hexOf(contentOf(der, subject)) : undefined,
    authorityKeyId: authority ? hexOf(contentOf(der, authority)) : undefined,
  };
}

/** BasicConstraints: cA is a BOOLEAN, false where it is left out. */
function saysCa(der: Uint8Array, constraints: DerElement): boolean {
  const [first] = childrenOf(der, constraints);
  return first?.tag === tags.boolean && der[first.content] !== 0;
}

const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
