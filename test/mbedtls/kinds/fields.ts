import { constants, sign } from 'node:crypto';
import { tags } from '../../../src/pki/der.ts';
import { extensionsDer, nameDer, type Order, timeDer } from '../../support/certificate.ts';
import { ca, type Draft, type Kinds, leaf, now, own, root, signedBy } from '../cases.ts';
import {
  bits,
  context,
  extension,
  hex,
  integer,
  nameOf,
  nothing,
  nullValue,
  oid,
  sequence,
  set,
  text,
  utf8,
} from '../der.ts';
import { keys, rsaKeys } from '../keys.ts';

const someExtension = extensionsDer([extension('1.3.6.1.4.1.99999.1', nothing)]);
const uniqueId = (number: number) => text(0x80 + number, '\0id');

/** The number in the field, from 0; absent for version 1 as DER wants it. */
const versions: Readonly<Record<string, Order['fields']>> = {
  '1': { version: nothing },
  '1 written out': { version: context(0, integer(0)) },
  '1 with extensions': { version: nothing, extensions: someExtension },
  '1 written out, with extensions': { version: context(0, integer(0)), extensions: someExtension },
  '1 with a unique ID': { version: nothing, uniqueIds: uniqueId(1) },
  '2': { version: context(0, integer(1)) },
  '2 with extensions': { version: context(0, integer(1)), extensions: someExtension },
  '2 with a unique ID': { version: context(0, integer(1)), uniqueIds: uniqueId(1) },
  '2 with both unique IDs': {
    version: context(0, integer(1)),
    uniqueIds: Buffer.concat([uniqueId(1), uniqueId(2)]),
  },
  '3': {},
  '3 with a unique ID': { uniqueIds: uniqueId(2) },
  '3 with a unique ID and extensions': { uniqueIds: uniqueId(2), extensions: someExtension },
  '4': { version: context(0, integer(3)) },
  '128': { version: context(0, integer(127)) },
  'negative': { version: context(0, hex('0201ff')) },
  'of two bytes': { version: context(0, hex('02020002')) },
  'of nine bytes': { version: context(0, hex('0209010000000000000002')) },
  'no number': { version: context(0, nullValue) },
  'bytes behind the number': { version: context(0, integer(2), nullValue) },
  'empty': { version: context(0) },
};

const attribute = (value: Uint8Array, dots = '2.5.4.3') => sequence(oid(dots), value);
const universal = Buffer.from('\0\0\0d\0\0\0e\0\0\0v', 'latin1');

const names: Readonly<Record<string, Uint8Array>> = {
  'UTF-8': nameOf(utf8('device')),
  'PrintableString': nameOf(text(0x13, 'device')),
  'IA5String': nameOf(text(0x16, 'device@example')),
  'T61String': nameOf(text(0x14, 'device')),
  'BMPString': nameOf(text(0x1e, '\0d\0e\0v')),
  'UniversalString': nameOf(text(0x1c, universal.toString('latin1'))),
  'NumericString': nameOf(text(0x12, '123456')),
  'VisibleString': nameOf(text(0x1a, 'device')),
  'GeneralString': nameOf(text(0x1b, 'device')),
  'GraphicString': nameOf(text(0x19, 'device')),
  'bit string': nameOf(bits(0, 0x64)),
  'octet string': nameOf(text(0x04, 'device')),
  'integer': nameOf(integer(7)),
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
  'empty': sequence(),
  'empty set': sequence(set()),
  'empty set among others': sequence(set(attribute(utf8('device'))), set()),
  'attribute without a value': sequence(set(sequence(oid('2.5.4.3')))),
  'attribute with two values': sequence(set(sequence(oid('2.5.4.3'), utf8('a'), utf8('b')))),
  'attribute without a type': sequence(set(sequence(utf8('device')))),
  'sequence in the place of a set': sequence(sequence(attribute(utf8('device')))),
  'set in the place of the whole': set(set(attribute(utf8('device')))),
};

const time = (tag: number, content: string) => text(tag, content);
const { utcTime, generalizedTime } = tags;
/** Ends of a validity that starts in 2024, or starts of one that ends in 2044. */
const dates: Readonly<Record<string, { notBefore?: Uint8Array; notAfter?: Uint8Array }>> = {
  'GeneralizedTime before 2050': { notAfter: time(generalizedTime, '20400101000000Z') },
  'GeneralizedTime from 2050 on': { notAfter: time(generalizedTime, '20500101000000Z') },
  'both GeneralizedTime': {
    notBefore: time(generalizedTime, '20240101000000Z'),
    notAfter: time(generalizedTime, '20400101000000Z'),
  },
  'last UTCTime': { notAfter: time(utcTime, '491231235959Z') },
  'UTCTime of 1950': { notBefore: time(utcTime, '500101000000Z') },
  'year 9999': { notAfter: time(generalizedTime, '99991231235959Z') },
  'year 0000': { notBefore: time(generalizedTime, '00000101000000Z') },
  'year 0001': { notBefore: time(generalizedTime, '00010101000000Z') },
  'without seconds': { notAfter: time(utcTime, '4001010000Z') },
  'without seconds, GeneralizedTime': { notAfter: time(generalizedTime, '204001010000Z') },
  'without Z': { notAfter: time(utcTime, '400101000000') },
  'without Z, GeneralizedTime': { notAfter: time(generalizedTime, '20400101000000') },
  'start without Z': { notBefore: time(utcTime, '240101000000') },
  'small z': { notAfter: time(utcTime, '400101000000z') },
  'offset': { notAfter: time(utcTime, '400101000000+0100') },
  'fraction of a second': { notAfter: time(generalizedTime, '20400101000000.5Z') },
  'second 59': { notAfter: time(utcTime, '400101000059Z') },
  'second 60': { notAfter: time(utcTime, '400101000060Z') },
  'minute 60': { notAfter: time(utcTime, '400101006000Z') },
  'hour 24': { notAfter: time(utcTime, '400101240000Z') },
  'day 0': { notAfter: time(utcTime, '400100000000Z') },
  'day 32': { notAfter: time(utcTime, '400132000000Z') },
  '31 April': { notAfter: time(utcTime, '400431000000Z') },
  '29 February 2040': { notAfter: time(utcTime, '400229000000Z') },
  '29 February 2041': { notAfter: time(utcTime, '410229000000Z') },
  '30 February': { notAfter: time(utcTime, '400230000000Z') },
  'month 0': { notAfter: time(utcTime, '400001000000Z') },
  'month 13': { notAfter: time(utcTime, '401301000000Z') },
  'a letter': { notAfter: time(utcTime, '4001010000O0Z') },
  'a space': { notAfter: time(utcTime, '40 101000000Z') },
  'empty': { notAfter: time(utcTime, '') },
  'UTF-8': { notAfter: time(0x0c, '400101000000Z') },
  'four digits of the year in UTCTime': { notAfter: time(utcTime, '20400101000000Z') },
  'two digits of the year in GeneralizedTime': { notAfter: time(generalizedTime, '400101000000Z') },
  'expired': { notAfter: time(utcTime, '250101000000Z') },
  'expired, GeneralizedTime': { notAfter: time(generalizedTime, '20250101000000Z') },
  'expired a second ago': { notAfter: timeDer(new Date(now.getTime() - 1000)) },
  'expires now': { notAfter: timeDer(now) },
  'expires in a second': { notAfter: timeDer(new Date(now.getTime() + 1000)) },
  'began a second ago': { notBefore: timeDer(new Date(now.getTime() - 1000)) },
  'begins now': { notBefore: timeDer(now) },
  'begins in a second': { notBefore: timeDer(new Date(now.getTime() + 1000)) },
  'begins in a year': { notBefore: time(utcTime, '270601000000Z') },
  'ends before it begins': { notBefore: time(utcTime, '300101000000Z'), notAfter: time(utcTime, '290101000000Z') },
};

const [start, end] = [timeDer(new Date('2024-01-01T00:00:00Z')), timeDer(new Date('2044-01-01T00:00:00Z'))];
const validity = ({ notBefore = start, notAfter = end }: (typeof dates)[string]) => sequence(notBefore, notAfter);
const validities: Readonly<Record<string, Uint8Array>> = {
  'one date': sequence(start),
  'three dates': sequence(start, end, end),
  'empty': sequence(),
  'a set': set(start, end),
};

/** A root with a name written by hand, and the issuer of what it signs. */
const named = (name: Uint8Array): Order => ({ ...root, fields: { subject: name, issuer: name } });

const rsaOf = (hash: Order['hash']): Order => ({ ...leaf, issuerKey: rsaKeys.other, hash, issuer: 'test RSA root' });
const rsaRoot: Order = { subject: 'test RSA root', key: rsaKeys.other, ca: true, serial: 3 };
const pss = (hash: string, dots: string, salt: number, trailer = nothing): Order => {
  const hashId = sequence(oid(dots), nullValue);
  const mask = sequence(oid('1.2.840.113549.1.1.8'), hashId);
  const parameters = sequence(context(0, hashId), context(1, mask), context(2, integer(salt)), trailer);
  const algorithm = sequence(oid('1.2.840.113549.1.1.10'), parameters);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return {
    ...rsaOf('sha256'),
    fields: { algorithm, outerAlgorithm: algorithm },
    sign: (body) => sign(hash, body, { key: rsaKeys.other, padding, saltLength: salt }),
  };
};
const sha256Id = '2.16.840.1.101.3.4.2.1';
const hashes = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

const algorithms: Readonly<Record<string, Order>> = {
  ...Object.fromEntries(
    hashes.flatMap((hash): [string, Order][] => [
      [`RSA ${hash}`, rsaOf(hash)],
      ...(hash === 'md5' ? [] : [[`EC ${hash}`, { ...leaf, hash }] as [string, Order]]),
    ]),
  ),
  'PSS SHA-1': pss('sha1', '1.3.14.3.2.26', 20),
  'PSS SHA-256': pss('sha256', sha256Id, 32),
  'PSS SHA-256 with a short salt': pss('sha256', sha256Id, 20),
  'PSS SHA-512': pss('sha512', '2.16.840.1.101.3.4.2.3', 64),
  'PSS with trailer 1': pss('sha256', sha256Id, 32, context(3, integer(1))),
  'PSS with trailer 2': pss('sha256', sha256Id, 32, context(3, integer(2))),
  'PSS without parameters': { ...rsaOf('sha256'), fields: both(sequence(oid('1.2.840.113549.1.1.10'))) },
  'RSA without its NULL': { ...rsaOf('sha256'), fields: both(sequence(oid('1.2.840.113549.1.1.11'))) },
  'RSA with parameters': {
    ...rsaOf('sha256'),
    fields: both(sequence(oid('1.2.840.113549.1.1.11'), sequence())),
  },
  'EC with a NULL': { ...leaf, fields: both(sequence(oid('1.2.840.10045.4.3.2'), nullValue)) },
  'Ed25519 said': { ...leaf, fields: both(sequence(oid('1.3.101.112'))) },
  'unknown': { ...leaf, fields: both(sequence(oid('1.3.6.1.4.1.99999.5'))) },
  'SHA3-256': { ...leaf, fields: both(sequence(oid('2.16.840.1.101.3.4.3.10'))) },
  'two algorithms': { ...leaf, fields: { outerAlgorithm: sequence(oid('1.2.840.10045.4.3.3')) } },
  'empty': { ...leaf, fields: both(sequence()) },
};

function both(algorithm: Uint8Array): Order['fields'] {
  return { algorithm, outerAlgorithm: algorithm };
}

const inBoth = (label: string, fields: Order['fields']): Draft[] => [
  own(label, { ...leaf, fields }),
  ca(label, { ...root, fields }),
];

export const fieldKinds: Kinds = {
  'version': () => Object.entries(versions).map(([name, fields]) => own(name, { ...leaf, fields })),
  'version of a CA': () =>
    Object.entries(versions)
      .filter(([, fields]) => fields?.extensions === undefined)
      // Only version 3 can say that it is a CA.
      .map(([name, fields]) => ca(name, name.startsWith('1') || name.startsWith('2') ? { subject: 'test root', key: keys.root, fields } : { ...root, fields })),
  'subject': () => Object.entries(names).map(([name, subject]) => own(name, { ...leaf, fields: { subject } })),
  'issuer': () =>
    Object.entries(names).map(([name, issuer]) =>
      own(name, { ...leaf, fields: { issuer } }, { roots: named(issuer) }),
    ),
  'name of a CA': () => Object.entries(names).map(([name, both]) => ca(name, named(both))),
  'date': () => Object.entries(dates).map(([name, date]) => own(name, { ...leaf, fields: { validity: validity(date) } })),
  'date of a CA': () =>
    Object.entries(dates).map(([name, date]) => ca(name, { ...root, fields: { validity: validity(date) } })),
  'validity': () => Object.entries(validities).flatMap(([name, bytes]) => inBoth(name, { validity: bytes })),
  'serial number': () =>
    Object.entries({
      'zero': integer(0),
      'negative': hex('0201ff'),
      'twenty bytes': integer(2n ** 159n - 1n),
      'forty bytes': integer(2n ** 319n - 1n),
      'empty': hex('0200'),
      'leading zeros': hex('0203000001'),
      'context tag': hex('820101'),
      'octet string': hex('040101'),
    }).flatMap(([name, serial]) => inBoth(name, { serial })),
  'signature algorithm': () =>
    Object.entries(algorithms).map(([name, order]) => own(name, order, { roots: [root, rsaRoot] })),
  'issuer of another key': () => [
    own('same name', { ...leaf, ...signedBy({ ...root, key: keys.other }) }),
    own('other name', { ...leaf, issuer: 'stranger', fields: { issuer: nameDer('stranger') } }),
  ],
};
