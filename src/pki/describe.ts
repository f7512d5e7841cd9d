import { objectOfDer, objectOfPart, type PkiObject } from './object.ts';
import { pemParts } from './pem-file.ts';
import { keyText } from './public-key.ts';
import type { Certificate } from './x509.ts';

/** What a certificate or key says of itself. Never anything of a private key but its type. */
export type Description =
  | CertificateDescription
  | { readonly what: 'private key'; readonly key: string }
  | { readonly what: 'encrypted private key' }
  /** Another block by its label (`public key`), `damaged certificate: …`, `nothing` for no bytes, else `data`. */
  | { readonly what: string };

export interface CertificateDescription {
  readonly what: 'certificate';
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** `RSA 2048`, `EC P-256`, … */
  readonly key: string;
  readonly ca: boolean;
}

export const isCertificate = (content: Description): content is CertificateDescription => 'subject' in content;

/** A block of a PEM file, or a DER file as a whole. */
export interface Content {
  /** Of the file. */
  readonly bytes: Uint8Array;
  /** Absent where it cannot be decoded. */
  readonly der?: Uint8Array;
  readonly object: PkiObject;
}

/** Returns what is in a file: every block of a PEM, or the one thing that a DER is. */
export function contentsOf(bytes: Uint8Array): Content[] {
  const parts = pemParts(bytes);
  if (parts.length > 0) {
    return parts.map((part) => {
      const { offset, length, der } = part;
      return { bytes: bytes.subarray(offset, offset + length), der, object: objectOfPart(part) };
    });
  }
  const object = objectOfDer(bytes);
  return object ? [{ bytes, der: bytes, object }] : [];
}

/** Describes what is in a file, in its order. */
export function describe(bytes: Uint8Array): Description[] {
  const contents = contentsOf(bytes);
  if (contents.length > 0) return contents.map(({ object }) => describeObject(object));
  return [{ what: bytes.length === 0 ? 'nothing' : 'data' }];
}

export function describeObject({ type, label, problem, certificate, privateKey, encrypted }: PkiObject): Description {
  if (problem !== undefined) return { what: `damaged ${type === 'unknown' ? 'block' : type}: ${problem}` };
  if (encrypted) return { what: 'encrypted private key' };
  if (certificate) return describeCertificate(certificate);
  if (privateKey) return { what: 'private key', key: keyText(privateKey) };
  return { what: label?.toLowerCase() ?? type };
}

const describeCertificate = ({
  subject,
  issuer,
  notBefore,
  notAfter,
  publicKey,
  isCa,
  keyUsage,
}: Certificate): CertificateDescription => ({
  what: 'certificate',
  subject: subject.text,
  issuer: issuer.text,
  notBefore: iso(notBefore),
  notAfter: iso(notAfter),
  key: keyText(publicKey),
  ca: isCa === true && keyUsage?.keyCertSign !== false,
});

/** Without the milliseconds that no certificate has. */
const iso = (time: Date): string => time.toISOString().replace('.000Z', 'Z');
