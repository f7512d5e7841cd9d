import type { KeyObject } from 'node:crypto';
import { keyPem, type Order } from '../../support/certificate.ts';
import { type Case, type Kinds, leaf, own } from '../cases.ts';
import { bits, context, hex, integer, nothing, nullValue, octets, oid, sequence, set, utf8 } from '../der.ts';
import {
  block,
  compressed,
  ecAlgorithm,
  ecNumbers,
  hybrid,
  named,
  pkcs1,
  pkcs8,
  type RsaNumbers,
  rsaAlgorithm,
  rsaNumbers,
  sec1,
  uncompressed,
} from '../key-forms.ts';
import { keys, rsaKeys } from '../keys.ts';

const rsaLeaf: Order = { ...leaf, key: rsaKeys.own };
const numbers = rsaNumbers(rsaKeys.own);
const { secret } = ecNumbers(keys.own);
const point = ecNumbers(keys.own);
const otherPoint = ecNumbers(keys.other);
const sec1Inside = sec1(keys.own, { parameters: nothing });

const ec = (label: string, key: Uint8Array): Case => own(label, leaf, { key });
const rsa = (label: string, key: Uint8Array): Case => own(label, rsaLeaf, { key });
/** In the form that belongs to the label of its block, encrypted by a cipher of OpenSSL or not. */
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1', cipher?: string): Buffer =>
  Buffer.from(key.export({ format: 'pem', type, cipher, passphrase: cipher && 'secret' }));

const localKeyId = sequence(oid('1.2.840.113549.1.9.21'), set(octets(hex('01000000'))));
const bothForms = (label: string, ecKey: Uint8Array, rsaKey: Uint8Array) => [
  ec(`EC ${label}`, ecKey),
  rsa(`RSA ${label}`, rsaKey),
];

/** `SEC 1` and `PKCS #1`, each in a block of another label. */
const mislabelled = (label: string): Case[] =>
  bothForms(`in ${label}`, block(label, sec1(keys.own)), block(label, pkcs1(numbers)));

const wrongNumbers: Readonly<Record<string, Partial<RsaNumbers>>> = {
  'd wrong': { d: numbers.d + 2n },
  'd of another key': { d: rsaNumbers(rsaKeys.other).d },
  'd longer by the order of the group': {
    d: numbers.d + (numbers.p - 1n) * (numbers.q - 1n),
  },
  'dp wrong': { dp: numbers.dp + 2n },
  'dq wrong': { dq: numbers.dq + 2n },
  'qinv wrong': { qi: numbers.qi + 1n },
  'e wrong': { e: 3n },
  'n wrong': { n: numbers.n + 2n },
  'p wrong': { p: numbers.p + 2n },
  'primes of another key': { p: rsaNumbers(rsaKeys.other).p, q: rsaNumbers(rsaKeys.other).q },
  'p and q swapped': { p: numbers.q, q: numbers.p },
  'p and q swapped with their parts': { p: numbers.q, q: numbers.p, dp: numbers.dq, dq: numbers.dp },
  'dp and dq swapped': { dp: numbers.dq, dq: numbers.dp },
  'dp zero': { dp: 0n },
  'all parts zero': { dp: 0n, dq: 0n, qi: 0n },
  'no primes': { p: 0n, q: 0n, dp: 0n, dq: 0n, qi: 0n },
  'no d': { d: 0n },
};

const sec1Parts: Readonly<Record<string, Parameters<typeof sec1>[1]>> = {
  'in order': {},
  'without the public half': { point: nothing },
  'without the curve': { parameters: nothing },
  'version 0': { version: integer(0) },
  'version 2': { version: integer(2) },
  'without version': { version: nothing },
  'public half of another key': { point: context(1, bits(0, ...uncompressed(otherPoint))) },
  'public half empty': { point: context(1, bits(0)) },
  'public half zero': { point: context(1, bits(0, 0)) },
  'public half all zeros': { point: context(1, bits(0, 4, ...new Uint8Array(64))) },
  'public half hybrid': { point: context(1, bits(0, ...hybrid(point))) },
  'public half cut off': { point: context(1, bits(0, ...uncompressed(point).subarray(0, 50))) },
  'public half an octet string': { point: context(1, octets(uncompressed(point))) },
  'public half in [0]': { point: context(0, bits(0, ...uncompressed(point))) },
  'public half before the curve': {
    parameters: context(1, bits(0, ...uncompressed(point))),
    point: context(0, named('prime256v1')),
  },
  'bytes behind': { point: Buffer.concat([context(1, bits(0, ...uncompressed(point))), nullValue]) },
  'secret zero': { secret: octets(new Uint8Array(32)) },
  'secret one byte short': { secret: octets(secret.subarray(14)) },
  'secret with a zero before': { secret: octets(Buffer.concat([Buffer.of(0), secret])) },
  'secret all ones': { secret: octets(new Uint8Array(32).fill(255)) },
  'secret an integer': { secret: integer(7) },
  'other curve named': { parameters: context(0, named('secp384r1')) },
  'curve without its tag': { parameters: named('prime256v1') },
  'curve unknown': { parameters: context(0, oid('1.3.132.0.8')), point: nothing },
};

export const privateKeyKinds: Kinds = {
  'form of a key': () => [
    ...bothForms('PKCS #8', keyPem(keys.own), keyPem(rsaKeys.own)),
    ...bothForms('as before PKCS #8', pem(keys.own, 'sec1'), pem(rsaKeys.own, 'pkcs1')),
    ...['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ANY PRIVATE KEY', 'CERTIFICATE'].flatMap(mislabelled),
    ...bothForms('PKCS #8 in RSA PRIVATE KEY', ...both('RSA PRIVATE KEY')),
    ...bothForms('PKCS #8 in EC PRIVATE KEY', ...both('EC PRIVATE KEY')),
    rsa('public key', Buffer.from(rsaKeys.own.export({ format: 'pem', type: 'pkcs1' })).subarray(0, 200)),
    ec('EC parameters before it', Buffer.concat([block('EC PARAMETERS', named('prime256v1')), pem(keys.own, 'sec1')])),
  ],

  'encrypted key': () => [
    ...['aes-128-cbc', 'aes-256-cbc', 'des-ede3-cbc'].flatMap((name) => [
      ...bothForms(`PKCS #8 ${name}`, pem(keys.own, 'pkcs8', name), pem(rsaKeys.own, 'pkcs8', name)),
      ...bothForms(`headers ${name}`, pem(keys.own, 'sec1', name), pem(rsaKeys.own, 'pkcs1', name)),
    ]),
  ],

  'wrapping of a key': () => {
    const ecKey = (algorithm: Uint8Array, version = 0, behind = nothing) =>
      block('PRIVATE KEY', pkcs8(algorithm, sec1Inside, version, behind));
    const rsaKey = (algorithm: Uint8Array, version = 0, behind = nothing) =>
      block('PRIVATE KEY', pkcs8(algorithm, pkcs1(numbers), version, behind));
    const publicHalf = bits(0, ...uncompressed(point));
    return [
      ...bothForms('version 1', ecKey(ecAlgorithm(), 1), rsaKey(rsaAlgorithm, 1)),
      ec(
        'EC version 1 with the public key',
        ecKey(ecAlgorithm(), 1, Buffer.concat([hex('8142'), publicHalf.subarray(2)])),
      ),
      ...bothForms('version 2', ecKey(ecAlgorithm(), 2), rsaKey(rsaAlgorithm, 2)),
      ec('EC curve inside alone', block('PRIVATE KEY', pkcs8(ecAlgorithm(nothing), sec1(keys.own)))),
      ec('EC curve NULL', ecKey(ecAlgorithm(nullValue))),
      ec('EC curve in both', block('PRIVATE KEY', pkcs8(ecAlgorithm(), sec1(keys.own)))),
      ec('EC other curve outside', ecKey(ecAlgorithm(named('secp384r1')))),
      ec('EC as ECDH', ecKey(sequence(oid('1.3.132.1.12'), named('prime256v1')))),
      rsa('RSA without its NULL', rsaKey(sequence(oid('1.2.840.113549.1.1.1')))),
      rsa('RSA with parameters', rsaKey(sequence(oid('1.2.840.113549.1.1.1'), sequence()))),
      rsa('RSA as PSS', rsaKey(sequence(oid('1.2.840.113549.1.1.10'), nullValue))),
      rsa('RSA called EC', rsaKey(ecAlgorithm())),
      ec('EC called RSA', ecKey(rsaAlgorithm)),
      ec('Ed25519', block('PRIVATE KEY', pkcs8(sequence(oid('1.3.101.112')), octets(new Uint8Array(32).fill(7))))),
      ec('empty inside', block('PRIVATE KEY', pkcs8(ecAlgorithm(), nothing))),
    ];
  },

  'PKCS #8 with attributes': () => {
    const attributes = [context(0, localKeyId), context(0), context(0, sequence(oid('2.5.4.3'), set(utf8('key'))))];
    return attributes.flatMap((behind, index) =>
      bothForms(
        `attributes ${index + 1}`,
        block('PRIVATE KEY', pkcs8(ecAlgorithm(), sec1Inside, 0, behind)),
        block('PRIVATE KEY', pkcs8(rsaAlgorithm, pkcs1(numbers), 0, behind)),
      ),
    );
  },

  'SEC 1': () =>
    Object.entries(sec1Parts).flatMap(([name, parts]) => [
      ec(name, block('EC PRIVATE KEY', sec1(keys.own, parts))),
      ec(`${name}, wrapped`, block('PRIVATE KEY', pkcs8(ecAlgorithm(), sec1(keys.own, parts)))),
    ]),

  'compressed point': () => {
    const half = bits(0, ...compressed(point));
    const key = block('EC PRIVATE KEY', sec1(keys.own, { point: context(1, half) }));
    const order: Order = { ...leaf, fields: { publicKey: sequence(ecAlgorithm(), half) } };
    return [ec('in the key', key), own('in the certificate', order), own('in both', order, { key })];
  },

  'numbers of an RSA key': () =>
    Object.entries(wrongNumbers).flatMap(([name, wrong]) => [
      rsa(name, block('RSA PRIVATE KEY', pkcs1({ ...numbers, ...wrong }))),
      rsa(`${name}, wrapped`, block('PRIVATE KEY', pkcs8(rsaAlgorithm, pkcs1({ ...numbers, ...wrong })))),
    ]),

  'PKCS #1': () => {
    const prime = sequence(sequence(integer(3), integer(1), integer(1)));
    return [
      rsa('version 1', block('RSA PRIVATE KEY', pkcs1(numbers, 1))),
      rsa('version 2', block('RSA PRIVATE KEY', pkcs1(numbers, 2))),
      rsa('three primes', block('RSA PRIVATE KEY', pkcs1(numbers, 1, prime))),
      rsa('three primes in version 0', block('RSA PRIVATE KEY', pkcs1(numbers, 0, prime))),
      rsa('bytes behind', block('RSA PRIVATE KEY', pkcs1(numbers, 0, nullValue))),
      rsa('bytes behind the structure', block('RSA PRIVATE KEY', Buffer.concat([pkcs1(numbers), nullValue]))),
      rsa('no version', block('RSA PRIVATE KEY', sequence(...Array.from({ length: 8 }, () => integer(7))))),
      rsa('cut off', block('RSA PRIVATE KEY', pkcs1(numbers).subarray(0, 900))),
      rsa('nothing', block('RSA PRIVATE KEY', nothing)),
    ];
  },
};

/** PKCS #8 of both keys in blocks of this label. */
function both(label: string): [Buffer, Buffer] {
  return [block(label, pkcs8(ecAlgorithm(), sec1Inside)), block(label, pkcs8(rsaAlgorithm, pkcs1(numbers)))];
}
