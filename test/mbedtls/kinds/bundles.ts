import { pemOf } from '../../../src/pki/to-pem.ts';
import { certificateDer, certificatePem, keyPem, type Order } from '../../support/certificate.ts';
import { ca, type Kinds, leaf, own, root, signedBy, withExtensions } from '../cases.ts';
import { basicConstraints, bits, extension, hex, nullValue, oid, sequence } from '../der.ts';
import { curveKey, keys } from '../keys.ts';

const good: readonly Order[] = [
  root,
  { subject: 'second root', key: keys.other, ca: true, serial: 60 },
  { subject: 'third root', key: keys.intermediate, ca: true, serial: 61 },
];

const text = (order: Order): string => certificatePem(order).toString('latin1');
const pem = text(root);
const der = certificateDer(root);
const labelled = (label: string, bytes: Uint8Array): string => Buffer.from(pemOf(label, bytes)).toString('latin1');
const publicKey = (algorithm: Uint8Array, key: Uint8Array) => sequence(algorithm, bits(0, ...key));
const ed25519: Order = {
  ...root,
  subject: 'root of another kind',
  fields: { publicKey: publicKey(sequence(oid('1.3.101.112')), Buffer.alloc(32, 7)) },
};

/** Blocks of which mbedTLS can make nothing, or not what was meant. */
const bad: Readonly<Record<string, string>> = {
  'body that is no base64': pem.replace(/\n.{10}/, '\n**********'),
  'body cut off': pem.replace(/\n[^\n]+\n[^\n]+\n-----END/, '\n-----END'),
  'damaged DER': labelled(
    'CERTIFICATE',
    der.map((byte, index) => (index === 5 ? byte ^ 0x40 : byte)),
  ),
  'key of Ed25519': text(ed25519),
  'unknown curve': text({ ...root, subject: 'odd root', key: curveKey('odd', 'secp160r1') }),
  'critical extension': text(withExtensions(root, basicConstraints(true), extension('2.5.29.30', sequence(), true))),
  'TRUSTED label': labelled('TRUSTED CERTIFICATE', der),
  'X509 label': labelled('X509 CERTIFICATE', der),
  indented: pem.replace(/^/gm, '  '),
  'body indented': pem.replace(/\n(?!-|$)/g, '\n  '),
  'revocation list': labelled('X509 CRL', sequence(nullValue)),
  'no END line': pem.replace(/-----END[^\n]*\n/, ''),
  'no BEGIN line': pem.replace(/-----BEGIN[^\n]*\n/, ''),
  'another END line': pem.replace('END CERTIFICATE', 'END CERT'),
  'empty body': '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
  'bytes behind the DER': labelled('CERTIFICATE', Buffer.concat([der, hex('0500')])),
  'a header': pem.replace('-----\n', '-----\nComment: root\n\n'),
  text: 'a comment about the next one\n',
};

export const bundleKinds: Kinds = {
  'bad block in a bundle': () =>
    Object.entries(bad).flatMap(([name, block]) =>
      [0, 1, 3].map((place) => {
        const blocks = good.map(text);
        blocks.splice(place, 0, block);
        return ca(`${name}, at ${place}`, Buffer.from(blocks.join(''), 'latin1'), { signers: good });
      }),
    ),

  'bad block alone': () => Object.entries(bad).map(([name, block]) => ca(name, Buffer.from(block, 'latin1'))),

  'two bad blocks': () => Object.entries(bad).map(([name, block]) => ca(name, Buffer.from(block + block, 'latin1'))),

  'bad block in the own chain': () => {
    const middle: Order = { subject: 'test CA', key: keys.intermediate, ca: true, serial: 62, ...signedBy(root) };
    const chain = [{ ...leaf, ...signedBy(middle) }, middle].map(text);
    return Object.entries(bad).flatMap(([name, block]) => [
      own(`${name}, first`, Buffer.from([block, ...chain].join(''), 'latin1')),
      own(`${name}, last`, Buffer.from([...chain, block].join(''), 'latin1')),
    ]);
  },

  'private key among certificates': () => {
    const key = keyPem(keys.own).toString('latin1');
    return [
      ca('first in a bundle', Buffer.from([key, ...good.map(text)].join(''), 'latin1'), { signers: good }),
      ca('last in a bundle', Buffer.from([...good.map(text), key].join(''), 'latin1'), { signers: good }),
      own('before the certificate', Buffer.from(key + text(leaf), 'latin1')),
      own('behind the certificate', Buffer.from(text(leaf) + key, 'latin1')),
    ];
  },
};
