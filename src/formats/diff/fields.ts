import { sha256 } from '../../core/crypto.ts';
import { contentText } from '../../pki/contents.ts';
import { type Content, contentsOf, describeObject, isCertificate } from '../../pki/describe.ts';
import type { PublicKey } from '../../pki/public-key.ts';

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
  return contentsOf(bytes).map((content) => {
    const description = describeObject(content.object);
    return { text: contentText(description), what: description.what, fields: new Map(fieldsOf(content)) };
  });
}

function* fieldsOf({ object, der }: Content): Generator<[string, string]> {
  const { certificate, privateKey } = object;
  const description = describeObject(object);
  if (isCertificate(description) && certificate) {
    yield ['subject', description.subject || '(none)'];
    yield ['issuer', description.issuer || '(none)'];
    yield ['valid from', description.notBefore];
    yield ['valid until', description.notAfter];
    yield ['key', description.key];
    yield ['CA', description.ca ? 'yes' : 'no'];
    yield ['serial number', certificate.serial.replace(/^00(?=.)/, '').toUpperCase()];
    yield ['public key', printOf(certificate.publicKey)];
    yield ['SHA-256', der ? sha256(der) : ''];
  } else if ('key' in description) {
    yield ['key', description.key];
    if (privateKey?.spkiSha256) yield ['public key', printOf(privateKey)];
  }
}

const printOf = ({ spkiSha256 }: PublicKey): string => `SHA-256 ${spkiSha256.slice(0, 16)}…`;
