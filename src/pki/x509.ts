import { equalBytes } from '../core/bytes.ts';
import { algorithmRefusals, type SignatureAlgorithm, signatureAlgorithm } from './algorithms.ts';
import {
  checkDer,
  childrenOf,
  contentOf,
  type DerElement,
  elementWithin,
  hexDigits,
  rawOf,
  smallInteger,
  tags,
} from './der.ts';
import { type DistinguishedName, distinguishedName } from './distinguished-name.ts';
import { type Extensions, readExtensions } from './extensions.ts';
import { type PublicKey, publicKeyOf } from './public-key.ts';
import type { Refusal } from './refusal.ts';
import { certificateTime } from './time.ts';

/** What checks and reports need of a certificate (RFC 5280). */
export interface Certificate extends Extensions {
  /** Bytes of its DER. */
  readonly size: number;
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
  const number = elementWithin(der, explicit);
  const counted = smallInteger(der, number);
  if (explicit && (counted === undefined || number?.end !== explicit.end)) return lacks('a readable version', explicit);
  const version = (counted ?? 0) + 1;
  const [serial, algorithm, issuer, validity, subject, spki, ...optional] = fields;
  if (serial?.tag !== tags.integer) return lacks('a serial number', body);
  if (algorithm?.tag !== tags.sequence) return lacks('a signature algorithm', body);
  const names = { subject: distinguishedName(der, subject), issuer: distinguishedName(der, issuer) };
  if (!names.issuer) return lacks('a readable issuer', issuer ?? body);
  if (!names.subject) return lacks('a readable subject', subject ?? body);
  if (!equalBytes(rawOf(der, algorithm), rawOf(der, outerAlgorithm))) {
    return { problem: { message: 'names two signature algorithms', offset: outerAlgorithm.start } };
  }
  const [from, to, ...more] = childrenOf(der, validity);
  if (validity?.tag !== tags.sequence || more.length > 0)
    return lacks('a validity from one date to another', validity ?? body);
  const notBefore = certificateTime(der, from);
  const notAfter = certificateTime(der, to);
  if (!notBefore || !notAfter) {
    return { problem: { message: 'has a date that does not exist', offset: (validity ?? body).start } };
  }
  const extensions = readExtensions(
    der,
    optional.find(({ tag }) => tag === tags.context(3)),
  );
  if (!extensions) return lacks('readable extensions', optional[0] ?? body);
  const publicKey = publicKeyOf(der, spki);
  if (!publicKey || !spki) return lacks('a readable public key', spki ?? body);
  return {
    certificate: {
      size: checked.top.end,
      version,
      serial: hexDigits(contentOf(der, serial)),
      subject: names.subject,
      issuer: names.issuer,
      notBefore,
      notAfter,
      signature: signatureAlgorithm(der, outerAlgorithm),
      publicKey,
      ...extensions,
      refusals: [
        ...versionRefusals(version, optional),
        ...names.issuer.refusals,
        ...(names.issuer.text === '' ? [emptyIssuer] : []),
        ...names.subject.refusals,
        ...algorithmRefusals(der, outerAlgorithm),
        ...publicKey.refusals,
        ...extensions.refusals,
      ],
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

const emptyIssuer: Refusal = { message: 'has an issuer without a name', codes: ['-0x23e0'] };

/** Behind the key, mbedTLS takes unique IDs as constructed elements from version 2 on, and extensions in version 3. */
function versionRefusals(version: number, optional: readonly DerElement[]): Refusal[] {
  if (version > 3) return [{ message: `says that it is of version ${version}; there are 3`, codes: ['-0x2580'] }];
  const known = version === 1 ? [] : version === 2 ? [1, 2] : [1, 2, 3];
  const strange = optional.find(
    ({ tag }, index) => !known.some((number) => tag === tags.context(number)) || tag <= (optional[index - 1]?.tag ?? 0),
  );
  if (strange === undefined) return [];
  const what = strange.tag === tags.context(3) ? 'extensions' : 'a unique ID';
  const message = `is of version ${version} and has ${what}, which mbedTLS does not take there`;
  return [{ message, codes: ['-0x21e6'] }];
}
