import { certificateDer, certificatePem, type Order } from '../../support/certificate.ts';
import { type Case, ca, type Kinds, leaf, own, type Role, root, signedBy, withExtensions } from '../cases.ts';
import { basicConstraints, extension, extensionIds, hex, keyUsage, octets, sequence } from '../der.ts';
import { keys, rsaKeys } from '../keys.ts';

export const past = { notBefore: new Date('2015-01-01T00:00:00Z'), notAfter: new Date('2025-01-01T00:00:00Z') };

/** CAs below the root, the nearest to the leaf first, and a leaf: without the root. */
export function chainOf(length: number, details: Partial<Order> = {}): Order[] {
  const chain: Order[] = [];
  for (let depth = length; depth > 0; depth--) {
    const issuer = chain[0] ?? root;
    const subject = `test CA ${depth}`;
    chain.unshift({
      subject,
      key: keys.intermediate,
      ca: true,
      maySign: true,
      serial: 10 + depth,
      ...signedBy(issuer),
    });
  }
  return [{ ...leaf, ...signedBy(chain[0] ?? root), ...details }, ...chain];
}

const [plainLeaf = leaf, middle = root] = chainOf(1);
const selfSigned = certificatePem({ ...leaf, issuer: 'device', issuerKey: leaf.key });
const roles: readonly Role[] = ['client', 'server', 'mqtt'];

// RSA signatures, since those of EC differ in length from run to run.
const rsaRoot: Order = { subject: 'test RSA root', key: rsaKeys.other, ca: true, maySign: true, serial: 3 };
const rsaMiddle: Order = { ...rsaRoot, ...signedBy(rsaRoot), subject: 'test RSA CA', serial: 4 };

/** A chain of which the message has exactly this many bytes, by an extension that mbedTLS passes over. */
function chainOfBytes(bytes: number, above: readonly Order[]): Order[] {
  const make = (filler: number): Order[] => [
    withExtensions(
      { ...leaf, ...signedBy(above[0] ?? rsaRoot) },
      extension('1.3.6.1.4.1.99999.1', octets(Buffer.alloc(filler))),
    ),
    ...above,
  ];
  const lengthOf = (chain: readonly Order[]) => chain.reduce((sum, order) => sum + 3 + certificateDer(order).length, 7);
  // More than once, since the lengths of lengths change on the way.
  let filler = bytes - lengthOf(make(0));
  for (let round = 0; round < 3; round++) filler += bytes - lengthOf(make(filler));
  return make(filler);
}

/** A CA with a limit of the CAs below it. */
export const limited = (order: Order, pathLength: number | undefined): Order =>
  withExtensions(order, basicConstraints(true, pathLength), keyUsage('keyCertSign'));

/** Files of CAs in which one certificate is of no use. */
const caBasics: Readonly<Record<string, Order>> = {
  'in order': root,
  'CA:FALSE': { ...root, ca: false, maySign: undefined },
  'CA:FALSE that may sign': { ...root, ca: false },
  'without basic constraints': { ...root, ca: undefined },
  'without extensions': { ...root, ca: undefined, maySign: undefined },
  'version 1': { ...root, ca: undefined, maySign: undefined, version: 1 },
  'without key usage': { ...root, maySign: undefined },
  'may not sign': { ...root, maySign: false },
  'signs revocation lists alone': withExtensions(root, basicConstraints(true), keyUsage('cRLSign')),
  'CA with a path length of 0': limited(root, 0),
  'CA:FALSE with a path length': withExtensions(root, basicConstraints(false, 0)),
  'path length without CA': withExtensions(root, extension(extensionIds.basicConstraints, hex('3003020100'))),
  'empty basic constraints': withExtensions(root, extension(extensionIds.basicConstraints, sequence(), true)),
  intermediate: middle,
  'intermediate that may not sign': { ...middle, maySign: false },
  'intermediate with CA:FALSE': { ...middle, ca: false },
  'intermediate of version 1': { ...middle, ca: undefined, maySign: undefined, version: 1 },
  leaf: leaf,
  'leaf with CA:FALSE': { ...leaf, ca: false },
  'leaf of version 1': { ...leaf, version: 1 },
  'leaf that says it is its own issuer': { ...leaf, issuer: 'device' },
  expired: { ...root, ...past },
};

export const chainKinds: Kinds = {
  'length of the own chain': () => {
    const lengths = [4000, 4090, 4095, 4096, 4097, 4098, 4099, 4103, 4110, 4500, 8192];
    const above = [[], [rsaMiddle], [rsaMiddle, rsaRoot]];
    return lengths.flatMap((length, index) =>
      above.map((chain, certificates) => {
        const label = `${length} bytes in ${certificates + 1}`;
        return own(label, chainOfBytes(length, chain), { role: roles[(index + certificates) % 3], roots: rsaRoot });
      }),
    );
  },

  'intermediates of the own chain': () =>
    [0, 1, 2, 5, 7, 8, 9, 10].map((count, index) => own(`${count}`, chainOf(count), { role: roles[index % 3] })),

  'path length in the own chain': () => {
    const [first = leaf, lower = root, upper = root] = chainOf(2);
    return [undefined, 0, 1, 2, 20].flatMap((lowerLength) =>
      [undefined, 0, 1, 2].flatMap((upperLength): Case[] => {
        const chain = [first, limited(lower, lowerLength), limited(upper, upperLength)];
        return [own(`${lowerLength ?? 'none'} below ${upperLength ?? 'none'}`, chain, { role: roles[0] })];
      }),
    );
  },

  'CA in the own chain': () =>
    Object.entries<Partial<Order>>({
      'in order': {},
      'CA:FALSE': { ca: false, maySign: undefined },
      'may not sign': { maySign: false },
      'without extensions': { ca: undefined, maySign: undefined },
      expired: past,
      'signed with SHA-1': { hash: 'sha1' },
    }).flatMap(([name, details]) =>
      roles.map((role) => own(`${name}, ${role}`, [plainLeaf, { ...middle, ...details }], { role })),
    ),

  'root in the own chain': () =>
    roles.flatMap((role) => [
      own(`root, ${role}`, [leaf, root], { role }),
      own(`intermediate and root, ${role}`, [plainLeaf, middle, root], { role }),
      own(`expired root, ${role}`, [plainLeaf, middle, { ...root, ...past }], { role }),
      own(`self-signed alone, ${role}`, selfSigned, { role, roots: selfSigned }),
    ]),

  'order of the own chain': () => {
    const [first = leaf, lower = root, upper = root] = chainOf(2);
    const stranger: Order = { subject: 'stranger', key: keys.other, ca: true, serial: 40 };
    const orders: Readonly<Record<string, Order[]>> = {
      'leaf last': [lower, first],
      'root first': [root, first],
      'all turned round': [root, upper, lower, first],
      'issuers swapped': [first, upper, lower],
      'leaf in the middle': [lower, first, upper],
      'leaf twice': [first, first, lower, upper],
      'a stranger first': [stranger, first, lower, upper],
      'a stranger behind': [first, lower, upper, stranger],
      'a stranger in the middle': [first, lower, stranger, upper],
      'intermediate twice': [first, lower, lower, upper],
    };
    return Object.entries(orders).flatMap(([name, chain]) =>
      roles.map((role) => own(`${name}, ${role}`, chain, { role })),
    );
  },

  pair: () =>
    roles.flatMap((role) => [
      own(`other EC key, ${role}`, leaf, { role, key: keys.other }),
      own(`RSA key, ${role}`, leaf, { role, key: rsaKeys.own }),
      own(`other RSA key, ${role}`, { ...leaf, key: rsaKeys.own }, { role, key: rsaKeys.other }),
      own(`RSA, ${role}`, { ...leaf, key: rsaKeys.own }, { role, key: rsaKeys.own }),
      own(`key of the issuer, ${role}`, leaf, { role, key: keys.root }),
    ]),

  CA: () =>
    Object.entries(caBasics).flatMap(([name, order]) =>
      (['client', 'server'] as const).map((role) => ca(`${name}, ${role}`, order, { role })),
    ),

  'CAs in a bundle': () =>
    Object.entries(caBasics)
      .filter(([name]) => name !== 'in order')
      .flatMap(([name, order]) => {
        const good: Order = { subject: 'other root', key: keys.other, ca: true, serial: 50 };
        return [
          ca(`${name} first`, [order, good]),
          ca(`${name} last`, certificatePem(good, order), { signers: [good, order] }),
        ];
      }),
};
