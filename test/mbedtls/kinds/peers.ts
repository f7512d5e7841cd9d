import type { Order } from '../../support/certificate.ts';
import { type Kinds, leaf, peer, root, signedBy, withExtensions } from '../cases.ts';
import {
  basicConstraints,
  bits,
  context,
  extension,
  extensionIds,
  extKeyUsage,
  integer,
  keyUsage,
  oid,
  sequence,
  text,
} from '../der.ts';
import { type Curve, curveKey, keys, rsaKey, rsaKeys } from '../keys.ts';
import { chainOf, limited, past } from './chains.ts';

const [plainLeaf = leaf, middle = root] = chainOf(1);

const critical: Readonly<Record<string, Uint8Array>> = {
  'name constraints': extension('2.5.29.30', sequence(context(0, sequence(text(0x82, 'example')))), true),
  'policy constraints': extension('2.5.29.36', sequence(text(0x80, '\0')), true),
  'inhibit any policy': extension('2.5.29.54', integer(0), true),
  'must staple': extension('1.3.6.1.5.5.7.1.24', sequence(integer(5)), true),
  'policy of a vendor': extension(
    extensionIds.certificatePolicies,
    sequence(sequence(oid('1.3.6.1.4.1.99999.3'))),
    true,
  ),
  'extension of a vendor': extension('1.3.6.1.4.1.99999.1', bits(0), true),
};

const purposes: Readonly<Record<string, readonly Uint8Array[]>> = {
  none: [],
  server: [extKeyUsage('server'), keyUsage('digitalSignature')],
  client: [extKeyUsage('client')],
  any: [extKeyUsage('any')],
  code: [extKeyUsage('code')],
  'client and server': [extKeyUsage('client', 'server')],
  'signs certificates': [keyUsage('keyCertSign')],
  'key agreement': [keyUsage('keyAgreement')],
};

const issuers: Readonly<Record<string, Partial<Order>>> = {
  'in order': {},
  'CA:FALSE': { ca: false, maySign: undefined },
  'may not sign': { maySign: false },
  'without extensions': { ca: undefined, maySign: undefined },
  'version 1': { ca: undefined, maySign: undefined, version: 1 },
  expired: past,
  'begins later': { notBefore: new Date('2027-01-01T00:00:00Z') },
  'signed with SHA-1': { hash: 'sha1' },
  'signed with SHA-384': { hash: 'sha384' },
};

const keyNames: readonly Curve[] = [
  'prime192v1',
  'prime256v1',
  'secp384r1',
  'secp521r1',
  'brainpoolP256r1',
  'secp160r1',
];

export const peerKinds: Kinds = {
  'critical extension of a server': () =>
    Object.entries(critical).flatMap(([name, content]) => [
      peer(name, [withExtensions(plainLeaf, content), middle]),
      peer(`${name}, issuer`, [plainLeaf, withExtensions(middle, basicConstraints(true), content)]),
    ]),
  'purpose of a server': () =>
    Object.entries(purposes).map(([name, extensions]) =>
      peer(name, [withExtensions(plainLeaf, ...extensions), middle]),
    ),
  'path length of a server': () => {
    const [first = leaf, lower = root, upper = root] = chainOf(2);
    return [undefined, 0, 1, 2].flatMap((lowerLength) =>
      [undefined, 0, 1].map((upperLength) => {
        const chain = [first, limited(lower, lowerLength), limited(upper, upperLength)];
        return peer(`${lowerLength ?? 'none'} below ${upperLength ?? 'none'}`, chain);
      }),
    );
  },
  'issuer of a server': () =>
    Object.entries(issuers).map(([name, details]) => peer(name, [plainLeaf, { ...middle, ...details }])),
  'dates of a server': () => [
    peer('expired', [{ ...plainLeaf, ...past }, middle]),
    peer('begins later', [{ ...plainLeaf, notBefore: new Date('2027-01-01T00:00:00Z') }, middle]),
    peer('expired root sent along', [plainLeaf, middle, { ...root, notAfter: new Date('2036-01-01T00:00:00Z') }]),
  ],
  'intermediates of a server': () => [1, 7, 8, 9].map((count) => peer(`${count}`, chainOf(count))),
  'key of a server': () => [
    ...keyNames.map((name) => peer(name, [{ ...plainLeaf, key: curveKey(name, name) }, middle])),
    ...[1024, 2048].map((size) => peer(`RSA ${size}`, [{ ...plainLeaf, key: rsaKey(size) }, middle])),
  ],
  'signature of a server': () => {
    const rsaMiddle: Order = { ...middle, key: rsaKeys.other };
    return (['md5', 'sha1', 'sha224', 'sha256', 'sha512'] as const).map((hash) =>
      peer(hash, [{ ...plainLeaf, ...signedBy(rsaMiddle), hash }, rsaMiddle]),
    );
  },
  'key of the issuer of a server': () =>
    [...keyNames, 'secp256k1' as const].map((name) => {
      const issuer: Order = { ...middle, key: name === 'prime256v1' ? keys.intermediate : curveKey(name, name) };
      return peer(name, [{ ...plainLeaf, ...signedBy(issuer) }, issuer]);
    }),
};
