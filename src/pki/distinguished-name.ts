import { isUtf8 } from 'node:buffer';
import { printable } from '../core/text.ts';
import { childrenOf, contentOf, type DerElement, oidText, rawOf, tags } from './der.ts';

/** A subject or issuer. */
export interface DistinguishedName {
  /** `O=Example, CN=server`: in the order of the certificate, safe on a terminal. Empty for an empty name. */
  readonly text: string;
  /** Hex digits of its DER: names are the same where these are. */
  readonly raw: string;
}

// RFC 4519, RFC 2985, X.520 and what CAs say of companies (CA/Browser Forum, EV Guidelines).
const attributes: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'street'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
  ['1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionL'],
  ['1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionST'],
  ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC'],
]);

// BIT STRING, UTF8String, NumericString, PrintableString, T61String, VideotexString, IA5String, GraphicString to
// GeneralString, UniversalString, BMPString: what mbedTLS and OpenSSL take.
const strings: ReadonlySet<number> = new Set([0x03, 0x0c, 0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1a, 0x1b, 0x1c, 0x1e]);

/** Reads a Name (RFC 5280, 4.1.2.4); undefined where it is none. */
export function distinguishedName(bytes: Uint8Array, element: DerElement | undefined): DistinguishedName | undefined {
  if (element?.tag !== tags.sequence) return undefined;
  const pairs = childrenOf(bytes, element).flatMap((set) => childrenOf(bytes, set));
  const isSound = pairs.every((pair) => {
    const [type, value] = childrenOf(bytes, pair);
    if (type?.tag !== tags.oid || value === undefined || !strings.has(value.tag)) return false;
    return value.tag !== utf8String || isUtf8(Buffer.from(contentOf(bytes, value)));
  });
  if (!isSound) return undefined;

  const parts = pairs.map((pair) => {
    const [type, value] = childrenOf(bytes, pair);
    const oid = oidText(bytes, type);
    return `${attributes.get(oid) ?? oid}=${value ? stringOf(bytes, value) : ''}`;
  });
  return { text: printable(parts.join(', ')), raw: Buffer.from(rawOf(bytes, element)).toString('hex') };
}

const bmpString = 0x1e;
const utf8String = 0x0c;

function stringOf(bytes: Uint8Array, element: DerElement): string {
  const content = Buffer.from(contentOf(bytes, element));
  if (element.tag === utf8String) return content.toString('utf8');
  if (element.tag === bmpString && content.length % 2 === 0) return content.swap16().toString('utf16le');
  return content.toString('latin1');
}
