import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { pemBlocks } from './pem.ts';

/** What a certificate or key says of itself. Never anything of a private key but its type. */
export type Description =
  | {
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
  | { readonly what: 'private key'; readonly key: string }
  | { readonly what: 'encrypted private key' }
  | { readonly what: string };

/** Describes a file's content: every block of a PEM, or the one thing that a DER is. */
export function describe(bytes: Uint8Array): Description[] {
  const blocks = pemBlocks(Buffer.from(bytes).toString('latin1'));
  if (blocks.length === 0) return [describeDer(Buffer.from(bytes))];
  return blocks.map(({ label, text }) => {
    if (/CERTIFICATE$/.test(label)) return certificate(text) ?? { what: `damaged ${label}` };
    if (label === 'ENCRYPTED PRIVATE KEY' || text.includes('Proc-Type: 4,ENCRYPTED')) {
      return { what: 'encrypted private key' };
    }
    if (label.endsWith('PRIVATE KEY')) return privateKey({ key: text }) ?? { what: `damaged ${label}` };
    return { what: label.toLowerCase() };
  });
}

function describeDer(der: Buffer): Description {
  if (der.length === 0) return { what: 'nothing' };
  const key = (['pkcs8', 'pkcs1', 'sec1'] as const)
    .map((type) => privateKey({ key: der, format: 'der', type }))
    .find((one) => one !== undefined);
  return key ?? certificate(der) ?? { what: 'data' };
}

function certificate(content: string | Buffer): Description | undefined {
  try {
    const { subject, issuer, validFrom, validTo, publicKey, ca } = new X509Certificate(content);
    return {
      what: 'certificate',
      subject: oneLine(subject),
      issuer: oneLine(issuer),
      notBefore: iso(validFrom),
      notAfter: iso(validTo),
      key: keyType(publicKey),
      ca,
    };
  } catch {
    return undefined;
  }
}

function privateKey(input: Parameters<typeof createPrivateKey>[0]): Description | undefined {
  try {
    return { what: 'private key', key: keyType(createPrivateKey(input)) };
  } catch {
    return undefined;
  }
}

/** Curves by the names that people know them by. */
const curves = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

function keyType({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): string {
  const { modulusLength, namedCurve } = asymmetricKeyDetails;
  if (modulusLength !== undefined) return `RSA ${modulusLength}`;
  if (namedCurve !== undefined) return `EC ${curves.get(namedCurve) ?? namedCurve}`;
  return asymmetricKeyType ?? 'unknown';
}

/** node:crypto gives one attribute per line, and nothing at all for an empty name. */
const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ');

/** From the form `Sep 22 08:00:00 2034 GMT`. */
const iso = (date: string): string => new Date(date).toISOString().replace('.000Z', 'Z');
