import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { contentText, isKnown } from '../../pki/contents.ts';
import { type Description, describe, isCertificate } from '../../pki/describe.ts';
import { pemBlocks } from '../../pki/pem.ts';

/** A certificate or key in a file, by what is to be told of it. Of a private key that is its public half alone. */
export interface Described {
  /** In a line. */
  readonly text: string;
  readonly what: string;
  /** In the order in which differences are told. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The certificates and keys in a file; none where it is anything else. */
export function describedIn(bytes: Uint8Array): Described[] {
  const contents = describe(bytes);
  if (!isKnown(contents)) return [];
  const blocks = pemBlocks(Buffer.from(bytes).toString('latin1'));
  return contents.map((content, index) => {
    const source = blocks[index]?.text ?? Buffer.from(bytes);
    return { text: contentText(content), what: content.what, fields: new Map(fieldsOf(content, source)) };
  });
}

function* fieldsOf(content: Description, source: string | Buffer): Generator<[string, string]> {
  if (isCertificate(content)) {
    yield ['subject', content.subject || '(none)'];
    yield ['issuer', content.issuer || '(none)'];
    yield ['valid from', content.notBefore];
    yield ['valid until', content.notAfter];
    yield ['key', content.key];
    yield ['CA', content.ca ? 'yes' : 'no'];
    const { serialNumber, publicKey, fingerprint256 } = new X509Certificate(source);
    yield ['serial number', serialNumber];
    yield ['public key', printOf(publicKey)];
    yield ['SHA-256', fingerprint256.replaceAll(':', '').toLowerCase()];
  } else if ('key' in content) {
    yield ['key', content.key];
    const key = privateKeyIn(source);
    if (key) yield ['public key', printOf(createPublicKey(key))];
  }
}

function privateKeyIn(source: string | Buffer): KeyObject | undefined {
  if (typeof source === 'string') return createPrivateKey(source);
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    try {
      return createPrivateKey({ key: source, format: 'der', type });
    } catch {
      // Another type, then: it was found to be one of them.
    }
  }
  return undefined;
}

const printOf = (key: KeyObject): string =>
  `SHA-256 ${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)}…`;
