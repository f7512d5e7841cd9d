import type { KeyObject, PrivateKeyInput } from 'node:crypto';
import { nodeCrypto } from '../core/crypto.ts';
import { type PemBlock, pemBlocks } from './pem.ts';
import { readCertificate } from './x509.ts';

/** What a certificate or key says of itself. Never anything of a private key but its type. */
export type Description =
  | CertificateDescription
  | { readonly what: 'private key'; readonly key: string }
  | { readonly what: 'encrypted private key' }
  /** Another block by its label (`public key`), `damaged certificate`, `nothing` for no bytes, else `data`. */
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

export const isCertificate = (one: Description): one is CertificateDescription => 'subject' in one;

/** Describes a file's content: every block of a PEM, or the one thing that a DER is. */
export function describe(bytes: Uint8Array): Description[] {
  if (bytes.length === 0) return [{ what: 'nothing' }];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = pemBlocks(buffer.toString('latin1'));
  return blocks.length === 0 ? [describeDer(buffer)] : blocks.map(describePem);
}

function describePem({ label, text, cut }: PemBlock): Description {
  const damaged = { what: `damaged ${label.toLowerCase()}` };
  if (cut) return { what: `${damaged.what}: its END line is missing` };
  if (label.endsWith('CERTIFICATE')) return certificate(text) ?? damaged;
  if (!label.endsWith('PRIVATE KEY')) return { what: label.toLowerCase() };
  // RFC 1421, as OpenSSL still writes it.
  if (text.includes('Proc-Type: 4,ENCRYPTED')) return { what: 'encrypted private key' };
  return label.startsWith('ENCRYPTED') ? { what: 'encrypted private key' } : (privateKey({ key: text }) ?? damaged);
}

function describeDer(der: Buffer): Description {
  // Every DER of interest is a SEQUENCE; the parsers need not see anything else.
  if (der[0] !== 0x30) return { what: 'data' };
  const keys = (['pkcs8', 'pkcs1', 'sec1'] as const).map((type) => privateKey({ key: der, format: 'der', type }));
  return certificate(der) ?? keys.find((one) => one !== undefined) ?? { what: 'data' };
}

function certificate(content: string | Buffer): Description | undefined {
  try {
    const { subject, issuer, raw, publicKey, ca } = new (nodeCrypto().X509Certificate)(content);
    // Node writes dates as OpenSSL does, and `Bad time value` where there is none such.
    const read = readCertificate(raw);
    if ('problem' in read) return { what: `damaged certificate: it ${read.problem.message}` };
    return {
      what: 'certificate',
      subject: oneLine(subject),
      issuer: oneLine(issuer),
      notBefore: iso(read.certificate.notBefore),
      notAfter: iso(read.certificate.notAfter),
      key: keyType(publicKey),
      ca,
    };
  } catch {
    return undefined;
  }
}

/** The error is dropped as a whole: what OpenSSL says of a key need not be known. */
function privateKey(input: PrivateKeyInput): Description | undefined {
  try {
    return { what: 'private key', key: keyType(nodeCrypto().createPrivateKey(input)) };
  } catch (error) {
    const isEncrypted = error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE';
    return isEncrypted ? { what: 'encrypted private key' } : undefined;
  }
}

/** Curves and key types by the names that people know them by. */
const known = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
  ['ed25519', 'Ed25519'],
  ['ed448', 'Ed448'],
]);

function keyType({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): string {
  const { modulusLength, namedCurve } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'dsa') return `DSA ${modulusLength}`;
  if (modulusLength !== undefined) return `RSA ${modulusLength}`;
  if (namedCurve !== undefined) return `EC ${known.get(namedCurve) ?? namedCurve}`;
  return known.get(asymmetricKeyType ?? '') ?? asymmetricKeyType ?? 'unknown';
}

/** node:crypto gives one attribute per line, and nothing at all for an empty name. */
const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ');

/** Without the milliseconds that no certificate has. */
const iso = (time: Date): string => time.toISOString().replace('.000Z', 'Z');
