import { extensionsDer, type Order } from '../../support/certificate.ts';
import { type Case, ca, type Kinds, leaf, own, type Role, root, withExtensions } from '../cases.ts';
import {
  basicConstraints,
  bits,
  context,
  extension,
  extensionIds,
  extKeyUsage,
  hex,
  integer,
  keyUsage,
  nothing,
  octets,
  oid,
  purposes,
  sequence,
  text,
  usages,
} from '../der.ts';
import { rsaKeys } from '../keys.ts';

const { subjectAltName, subjectKeyId, authorityKeyId, certificatePolicies } = extensionIds;
const policies = (...dots: readonly string[]) => sequence(...dots.map((policy) => sequence(oid(policy))));
const names = sequence(text(0x82, 'device.example'));

/** Extensions with a content that is in order. */
const contents: Readonly<Record<string, [dots: string, content: Uint8Array]>> = {
  'basic constraints': [extensionIds.basicConstraints, sequence()],
  'key usage': [extensionIds.keyUsage, bits(7, usages.digitalSignature)],
  'extended key usage': [extensionIds.extKeyUsage, sequence(oid(purposes.client), oid(purposes.server))],
  'subject alternative name': [subjectAltName, names],
  'issuer alternative name': ['2.5.29.18', names],
  'any policy': [certificatePolicies, policies('2.5.29.32.0')],
  'policy of a vendor': [certificatePolicies, policies('1.3.6.1.4.1.99999.3')],
  'two policies': [certificatePolicies, policies('2.5.29.32.0', '1.3.6.1.4.1.99999.3')],
  'name constraints': ['2.5.29.30', sequence(context(0, sequence(text(0x82, 'example'))))],
  'policy constraints': ['2.5.29.36', sequence(text(0x80, '\0'))],
  'inhibit any policy': ['2.5.29.54', integer(0)],
  'revocation list points': ['2.5.29.31', sequence(sequence(context(0, context(0, text(0x86, 'http://crl.example')))))],
  'freshest revocation list': [
    '2.5.29.46',
    sequence(sequence(context(0, context(0, text(0x86, 'http://crl.example'))))),
  ],
  'must staple': ['1.3.6.1.5.5.7.1.24', sequence(integer(5))],
  'authority information': [
    '1.3.6.1.5.5.7.1.1',
    sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), text(0x86, 'http://ocsp.example'))),
  ],
  'netscape type': ['2.16.840.1.113730.1.1', bits(0, 0xff)],
  'extension of a vendor': ['1.3.6.1.4.1.99999.1', octets(hex('00'))],
};

/** Contents that mbedTLS knows from version 3 on. */
const newer: typeof contents = {
  'subject key identifier': [subjectKeyId, octets(hex('0102030405060708'))],
  'authority key identifier': [authorityKeyId, sequence(text(0x80, 'abcdefgh'))],
};

/** A content that is out of order, of an extension that is not critical. */
const malformed: Readonly<Record<string, Uint8Array>> = {
  'extended key usage: empty': extension(extensionIds.extKeyUsage, sequence()),
  'extended key usage: a set': extension(extensionIds.extKeyUsage, hex('310a06082b06010505070302')),
  'extended key usage: bytes behind': extension(extensionIds.extKeyUsage, hex('300a06082b060105050703020500')),
  'extended key usage: not of OIDs': extension(extensionIds.extKeyUsage, sequence(integer(1))),
  'key usage: empty': extension(extensionIds.keyUsage, hex('0300')),
  'key usage: no bits': extension(extensionIds.keyUsage, bits(0)),
  'key usage: an integer': extension(extensionIds.keyUsage, integer(128)),
  'key usage: two bytes': extension(extensionIds.keyUsage, bits(0, 0x80, 0x00)),
  'key usage: five bytes': extension(extensionIds.keyUsage, bits(0, 0x80, 0, 0, 0, 0)),
  'key usage: 8 unused bits': extension(extensionIds.keyUsage, bits(8, 0x80)),
  'basic constraints: bytes behind': extension(extensionIds.basicConstraints, hex('30000500')),
  'basic constraints: an integer': extension(extensionIds.basicConstraints, integer(0)),
  'basic constraints: three fields': extension(extensionIds.basicConstraints, hex('30090101ff020100020100')),
  'basic constraints: CA as an integer': extension(extensionIds.basicConstraints, sequence(integer(1))),
  'basic constraints: TRUE as 1': extension(extensionIds.basicConstraints, hex('3003010101')),
  'basic constraints: negative path length': extension(extensionIds.basicConstraints, hex('30060101ff0201ff')),
  'basic constraints: nothing': extension(extensionIds.basicConstraints, nothing),
  'alternative name: bytes behind': extension(subjectAltName, hex('3003820161 0500')),
  'alternative name: empty': extension(subjectAltName, sequence()),
  'alternative name: an octet string': extension(subjectAltName, octets(hex('00'))),
  'alternative name: short inside': extension(subjectAltName, hex('3003820561')),
  'alternative name: universal tag': extension(subjectAltName, sequence(text(0x0c, 'device.example'))),
  'subject key identifier: a sequence': extension(subjectKeyId, sequence()),
  'subject key identifier: nothing': extension(subjectKeyId, nothing),
  'authority key identifier: an integer': extension(authorityKeyId, integer(1)),
  'authority key identifier: empty': extension(authorityKeyId, sequence()),
  'policies: empty': extension(certificatePolicies, sequence()),
  'policies: not of OIDs': extension(certificatePolicies, sequence(sequence(integer(1)))),
  'without a value': sequence(oid('1.3.6.1.4.1.99999.1')),
  'value not in an octet string': sequence(oid('1.3.6.1.4.1.99999.1'), sequence()),
  empty: sequence(),
  'identifier an integer': sequence(integer(1), octets(nothing)),
  'bytes behind the value': sequence(oid('1.3.6.1.4.1.99999.1'), octets(nothing), integer(1)),
  'FALSE written out': sequence(oid('1.3.6.1.4.1.99999.1'), hex('010100'), octets(nothing)),
  'TRUE written as 1': sequence(oid('1.3.6.1.4.1.99999.1'), hex('010101'), octets(nothing)),
  'vendor with no content': extension('1.3.6.1.4.1.99999.1', nothing),
};

const caBasics = [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign')];
const roles: readonly Role[] = ['client', 'server'];

/** A CA with one more extension; in the place of its own where that is of the same kind. */
function caWith(label: string, added: Uint8Array, dots?: string): Case {
  const basics = caBasics.filter((_, index) => [extensionIds.basicConstraints, extensionIds.keyUsage][index] !== dots);
  return ca(label, withExtensions(root, ...basics, added));
}

export const extensionKinds: Kinds = {
  'critical extension': (next) =>
    Object.entries(contents).flatMap(([name, [dots, content]]) =>
      [true, false].map((critical) => {
        const label = `${critical ? 'critical' : 'plain'} ${name}`;
        return own(label, withExtensions(leaf, extension(dots, content, critical)), { role: roles[next(2)] });
      }),
    ),

  'critical extension of a CA': () =>
    Object.entries(contents)
      .filter(([, [dots]]) => dots !== extensionIds.basicConstraints && dots !== extensionIds.keyUsage)
      .map(([name, [dots, content]]) => caWith(name, extension(dots, content, true))),

  'critical key identifier': () =>
    Object.entries(newer).flatMap(([name, [dots, content]]) => [
      own(`critical ${name}`, withExtensions(leaf, extension(dots, content, true))),
      own(`plain ${name}`, withExtensions(leaf, extension(dots, content))),
      caWith(`critical ${name}, CA`, extension(dots, content, true)),
    ]),

  'malformed extension': (next) =>
    Object.entries(malformed).map(([name, content]) =>
      own(name, withExtensions(leaf, content), { role: roles[next(2)] }),
    ),

  'malformed extension of a CA': () =>
    Object.entries(malformed)
      .filter(([name]) => !/^(basic|key usage)/.test(name))
      .map(([name, content]) => caWith(name, content)),

  'extension twice': () =>
    Object.entries(contents).map(([name, [dots, content]]) =>
      own(name, withExtensions(leaf, extension(dots, content), extension(dots, content))),
    ),

  'block of extensions': () => {
    const one = extension(subjectAltName, names);
    const block = (bytes: Uint8Array): Order => ({ ...leaf, fields: { extensions: bytes } });
    return [
      own('empty list', block(context(3, sequence()))),
      own('empty field', block(context(3))),
      own('a set', block(context(3, hex('3100')))),
      own('bytes behind the list', block(context(3, sequence(one), hex('0500')))),
      own('other tag', block(context(4, sequence(one)))),
      own('field twice', block(Buffer.concat([extensionsDer([one]), extensionsDer([one])]))),
      own('bytes behind the field', block(Buffer.concat([extensionsDer([one]), hex('0500')]))),
    ];
  },

  purpose: (next) => {
    const purposeSets = [
      [],
      ['client'],
      ['server'],
      ['client', 'server'],
      ['any'],
      ['code'],
      ['email', 'client'],
      ['vendor'],
    ];
    const usageSets = [
      ...[[], ['digitalSignature'], ['keyEncipherment'], ['keyAgreement'], ['nonRepudiation'], ['keyCertSign']],
      ['digitalSignature', 'keyEncipherment'],
    ];
    return purposeSets.flatMap((purposeSet) =>
      usageSets.flatMap((usageSet) =>
        roles.map((role) => {
          const extensions = [
            purposeSet.length > 0 ? extKeyUsage(...(purposeSet as (keyof typeof purposes)[])) : nothing,
            usageSet.length > 0 ? keyUsage(...(usageSet as (keyof typeof usages)[])) : nothing,
          ].filter(({ length }) => length > 0);
          const isRsa = next(3) === 0;
          const order = withExtensions({ ...leaf, key: isRsa ? rsaKeys.own : leaf.key }, ...extensions);
          const label = `${role} ${isRsa ? 'RSA' : 'EC'}: ${[...purposeSet, ...usageSet].join(' ') || 'none'}`;
          return own(label, order, { role, key: order.key });
        }),
      ),
    );
  },
};
