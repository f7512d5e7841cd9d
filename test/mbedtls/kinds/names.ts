import type { Order } from '../../support/certificate.ts';
import { ca, type Kinds, leaf, own, root } from '../cases.ts';
import { bits, integer, nameOf, oid, sequence, set, text, utf8 } from '../der.ts';

const attribute = (value: Uint8Array, dots = '2.5.4.3') => sequence(oid(dots), value);
const universal = Buffer.from('\0\0\0d\0\0\0e\0\0\0v', 'latin1');

const names: Readonly<Record<string, Uint8Array>> = {
  'UTF-8': nameOf(utf8('device')),
  PrintableString: nameOf(text(0x13, 'device')),
  IA5String: nameOf(text(0x16, 'device@example')),
  T61String: nameOf(text(0x14, 'device')),
  BMPString: nameOf(text(0x1e, '\0d\0e\0v')),
  UniversalString: nameOf(text(0x1c, universal.toString('latin1'))),
  NumericString: nameOf(text(0x12, '123456')),
  VisibleString: nameOf(text(0x1a, 'device')),
  GeneralString: nameOf(text(0x1b, 'device')),
  GraphicString: nameOf(text(0x19, 'device')),
  'bit string': nameOf(bits(0, 0x64)),
  'octet string': nameOf(text(0x04, 'device')),
  integer: nameOf(integer(7)),
  'serial number as NumericString': nameOf(text(0x12, '123456'), '2.5.4.5'),
  'UTF-8 that is Latin-1': nameOf(text(0x0c, 'Ger\u00e4t')),
  'PrintableString with an asterisk': nameOf(text(0x13, '*.example')),
  'IA5String with Latin-1': nameOf(text(0x16, 'Ger\u00e4t')),
  'BMPString of odd length': nameOf(text(0x1e, 'dev')),
  'NUL inside': nameOf(utf8('device\0example')),
  'empty value': nameOf(utf8('')),
  'of 64 characters': nameOf(utf8('d'.repeat(64))),
  'of 255 characters': nameOf(utf8('d'.repeat(255))),
  'of 256 characters': nameOf(utf8('d'.repeat(256))),
  'of 1000 characters': nameOf(utf8('d'.repeat(1000))),
  'unknown attribute': nameOf(utf8('device'), '1.3.6.1.4.1.99999.4'),
  'two attributes in a set': sequence(set(attribute(utf8('device')), attribute(utf8('unit'), '2.5.4.11'))),
  'thirty sets': sequence(...Array.from({ length: 30 }, () => set(attribute(utf8('unit'), '2.5.4.11')))),
  empty: sequence(),
  'empty set': sequence(set()),
  'empty set among others': sequence(set(attribute(utf8('device'))), set()),
  'attribute without a value': sequence(set(sequence(oid('2.5.4.3')))),
  'attribute with two values': sequence(set(sequence(oid('2.5.4.3'), utf8('a'), utf8('b')))),
  'attribute without a type': sequence(set(sequence(utf8('device')))),
  'sequence in the place of a set': sequence(sequence(attribute(utf8('device')))),
  'set in the place of the whole': set(set(attribute(utf8('device')))),
};

/** A root with a name written by hand, and the issuer of what it signs. */
const named = (name: Uint8Array): Order => ({ ...root, fields: { subject: name, issuer: name } });

export const nameKinds: Kinds = {
  subject: () => Object.entries(names).map(([name, subject]) => own(name, { ...leaf, fields: { subject } })),
  issuer: () =>
    Object.entries(names).map(([name, issuer]) => own(name, { ...leaf, fields: { issuer } }, { roots: named(issuer) })),
  'name of a CA': () => Object.entries(names).map(([name, both]) => ca(name, named(both))),
};
