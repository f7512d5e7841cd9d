import { constants, sign } from 'node:crypto';
import { extensionsDer, type Order } from '../../support/certificate.ts';
import { ca, inBoth, type Kinds, leaf, own, root } from '../cases.ts';
import { context, extension, hex, integer, nothing, nullValue, oid, sequence, text } from '../der.ts';
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
  negative: { version: context(0, hex('0201ff')) },
  'of two bytes': { version: context(0, hex('02020002')) },
  'of nine bytes': { version: context(0, hex('0209010000000000000002')) },
  'no number': { version: context(0, nullValue) },
  'bytes behind the number': { version: context(0, integer(2), nullValue) },
  empty: { version: context(0) },
};

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
  unknown: { ...leaf, fields: both(sequence(oid('1.3.6.1.4.1.99999.5'))) },
  'SHA3-256': { ...leaf, fields: both(sequence(oid('2.16.840.1.101.3.4.3.10'))) },
  'two algorithms': { ...leaf, fields: { outerAlgorithm: sequence(oid('1.2.840.10045.4.3.3')) } },
  empty: { ...leaf, fields: both(sequence()) },
};

function both(algorithm: Uint8Array): Order['fields'] {
  return { algorithm, outerAlgorithm: algorithm };
}

export const fieldKinds: Kinds = {
  version: () => Object.entries(versions).map(([name, fields]) => own(name, { ...leaf, fields })),
  'version of a CA': () =>
    Object.entries(versions)
      .filter(([, fields]) => fields?.extensions === undefined)
      // Only version 3 can say that it is a CA.
      .map(([name, fields]) =>
        ca(
          name,
          name.startsWith('1') || name.startsWith('2')
            ? { subject: 'test root', key: keys.root, fields }
            : { ...root, fields },
        ),
      ),
  'serial number': () =>
    Object.entries({
      zero: integer(0),
      negative: hex('0201ff'),
      'twenty bytes': integer(2n ** 159n - 1n),
      'forty bytes': integer(2n ** 319n - 1n),
      empty: hex('0200'),
      'leading zeros': hex('0203000001'),
      'context tag': hex('820101'),
      'octet string': hex('040101'),
    }).flatMap(([name, serial]) => inBoth(name, { serial })),
  'signature algorithm': () =>
    Object.entries(algorithms).map(([name, order]) => own(name, order, { roots: [root, rsaRoot] })),
};
