import { isUtf8 } from 'node:buffer';
import { printable } from '../core/text.ts';
import { childrenOf, contentOf, type DerElement, oidText, rawOf, tags } from './der.ts';
import type { Refusal } from './refusal.ts';

/** A subject or issuer. */
export interface DistinguishedName {
  /** `O=Example, CN=server`: in the order of the certificate, safe on a terminal. Empty for an empty name. */
  readonly text: string;
  /** Hex digits of its DER: names are the same where these are. */
  readonly raw: string;
  readonly refusals: readonly Refusal[];
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

/** Types of strings (X.680). */
const strings: ReadonlyMap<number, string> = new Map([
  [0x03, 'BIT STRING'],
  [0x0c, 'UTF8String'],
  [0x12, 'NumericString'],
  [0x13, 'PrintableString'],
  [0x14, 'T61String'],
  [0x15, 'VideotexString'],
  [0x16, 'IA5String'],
  [0x19, 'GraphicString'],
  [0x1a, 'VisibleString'],
  [0x1b, 'GeneralString'],
  [0x1c, 'UniversalString'],
  [0x1e, 'BMPString'],
]);
/** Those that mbedTLS does not take (x509_get_attr_type_value). */
const refused: ReadonlySet<number> = new Set([0x12, 0x15, 0x19, 0x1a, 0x1b]);

/** Reads a Name (RFC 5280, 4.1.2.4); undefined where it is none. */
export function distinguishedName(bytes: Uint8Array, element: DerElement | undefined): DistinguishedName | undefined {
  if (element?.tag !== tags.sequence) return undefined;
  const rdns = childrenOf(bytes, element);
  const sets = rdns.map((set) => childrenOf(bytes, set));
  const refusals: Refusal[] = [];
  if (rdns.some(({ tag }) => tag !== tags.set)) {
    refusals.push({ message: 'has a name of no sets', codes: ['-0x23e2'] });
  }
  if (sets.some((pairs) => pairs.length === 0)) {
    refusals.push({ message: 'has a name with an empty part', codes: ['-0x23e0'] });
  }
  const parts: string[] = [];
  for (const pair of sets.flat()) {
    const [type, value, ...more] = childrenOf(bytes, pair);
    if (type?.tag !== tags.oid || value === undefined || !strings.has(value.tag)) return undefined;
    const oid = oidText(bytes, type);
    const part = attributes.get(oid) ?? oid;
    parts.push(`${part}=${stringOf(bytes, value)}`);
    if (more.length > 0) refusals.push({ message: `has its ${part} twice in one`, codes: ['-0x23e6'] });
    if (refused.has(value.tag)) {
      const message = `has its ${part} as ${strings.get(value.tag)}, which mbedTLS does not take in a name`;
      refusals.push({ message, codes: ['-0x23e2'] });
    }
  }
  return { text: printable(parts.join(', ')), raw: Buffer.from(rawOf(bytes, element)).toString('hex'), refusals };
}

const bmpString = 0x1e;
const utf8String = 0x0c;

function stringOf(bytes: Uint8Array, element: DerElement): string {
  const content = Buffer.from(contentOf(bytes, element));
  // Old CAs put Latin-1 there, and mbedTLS does not look into it.
  if (element.tag === utf8String && isUtf8(content)) return content.toString('utf8');
  if (element.tag === bmpString && content.length % 2 === 0) return content.swap16().toString('utf16le');
  return content.toString('latin1');
}
