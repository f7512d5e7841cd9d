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
  if (issuer?.tag !== tags.sequence) return lacks('an issuer', body);
  if (subject?.tag !== tags.sequence) return lacks('a subject', body);
  const [from, to] = childrenOf(der, validity);
  const notBefore = certificateTime(der, from);
  const notAfter = certificateTime(der, to);
  if (!notBefore || !notAfter) {
    return { problem: { message: 'has a date that is none', offset: (validity ?? body).start } };
  }
  const publicKey = publicKeyOf(der, spki);
  if (!publicKey || !spki) return lacks('a readable public key', spki ?? body);
  const names = { subject: distinguishedName(der, subject), issuer: distinguishedName(der, issuer) };
  return {
    certificate: {
      version,
      serial: hexOf(contentOf(der, serial)),
      ...names,
      notBefore,
      notAfter,
      signature: signatureAlgorithm(der, outerAlgorithm),
      publicKey,
      ...extensionsOf(der, optional),
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

/** RFC 5280, 4.2.1: authority key identifier, subject key identifier, key usage, basic constraints. */
function extensionsOf(der: Uint8Array, optional: readonly DerElement[]): Extensions {
  const block = optional.find(({ tag }) => tag === tags.context(3));
  const values = new Map<string, DerElement>();
  for (const extension of childrenOf(der, elementWithin(der, block))) {
    const parts = childrenOf(der, extension);
    // Between OID and value, `critical` may stand or not.
    const value = elementWithin(der, parts.at(-1));
    if (value) values.set(oidText(der, parts[0]), value);
  }
  const authority = childrenOf(der, values.get('2.5.29.35')).find(({ tag }) => tag === 0x80);
  const subject = values.get('2.5.29.14');
  const usage = values.get('2.5.29.15');
  const constraints = values.get('2.5.29.19');
  return {
    isCa: constraints && saysCa(der, constraints),
    // Bit 5 from the left, keyCertSign, in the byte behind the count of unused bits.
    maySign: usage && ((der[usage.content + 1] ?? 0) & 0x04) !== 0,
    ...(subject && { subjectKeyId: hexOf(contentOf(der, subject)) }),
    ...(authority && { authorityKeyId: hexOf(contentOf(der, authority)) }),
  };
}

/** BasicConstraints: cA is a BOOLEAN, false where it is left out. */
function saysCa(der: Uint8Array, constraints: DerElement): boolean {
  const [first] = childrenOf(der, constraints);
  return first?.tag === 0x01 && der[first.content] !== 0;
}

const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
