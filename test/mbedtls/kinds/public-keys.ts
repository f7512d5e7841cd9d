import type { KeyObject } from 'node:crypto';
import { keyPem, type Order } from '../../support/certificate.ts';
import { type Case, ca, type Kinds, leaf, own, type Role, root, signedBy } from '../cases.ts';
import { bits, hex, integer, nothing, nullValue, octets, oid, sequence } from '../der.ts';
import {
  block,
  ecAlgorithm,
  ecNumbers,
  hybrid,
  named,
  pkcs8,
  rsaAlgorithm,
  rsaNumbers,
  uncompressed,
} from '../key-forms.ts';
import { type Curve, curveKey, curves, keys, rsaKey, rsaKeys } from '../keys.ts';

const { n, e } = rsaNumbers(rsaKeys.own);
const point = ecNumbers(keys.own);
const rsaPublic = (modulus: Uint8Array, exponent: Uint8Array, ...behind: readonly Uint8Array[]) =>
  sequence(rsaAlgorithm, bits(0, ...sequence(modulus, exponent, ...behind)));
const ecPublic = (...bytes: readonly number[]) => sequence(ecAlgorithm(), bits(0, ...bytes));
/** A modulus without the zero that keeps it positive. */
const withoutZero = Buffer.concat([hex('02820100'), Buffer.from(n.toString(16), 'hex')]);

const rsaForms: Readonly<Record<string, Uint8Array>> = {
  'in order': rsaPublic(integer(n), integer(e)),
  'e = 1': rsaPublic(integer(n), integer(1)),
  'e = 2': rsaPublic(integer(n), integer(2)),
  'e = 3': rsaPublic(integer(n), integer(3)),
  'e = 4': rsaPublic(integer(n), integer(4)),
  'e = 0': rsaPublic(integer(n), integer(0)),
  'e negative': rsaPublic(integer(n), hex('0201fd')),
  'e of 64 bits': rsaPublic(integer(n), integer(2n ** 63n + 1n)),
  'n even': rsaPublic(integer(n + 1n), integer(e)),
  'n without its zero': rsaPublic(withoutZero, integer(e)),
  'n zero': rsaPublic(integer(0), integer(e)),
  'n of 100 bits': rsaPublic(integer(2n ** 99n + 1n), integer(e)),
  'bytes behind': rsaPublic(integer(n), integer(e), nullValue),
  'without NULL': sequence(sequence(oid('1.2.840.113549.1.1.1')), bits(0, ...sequence(integer(n), integer(e)))),
  'as PSS': sequence(sequence(oid('1.2.840.113549.1.1.10')), bits(0, ...sequence(integer(n), integer(e)))),
  'unused bits': sequence(rsaAlgorithm, bits(3, ...sequence(integer(n), integer(e)))),
  empty: sequence(rsaAlgorithm, bits(0)),
  'called EC': sequence(ecAlgorithm(), bits(0, ...sequence(integer(n), integer(e)))),
};

const ecForms: Readonly<Record<string, Uint8Array>> = {
  'in order': ecPublic(...uncompressed(point)),
  hybrid: ecPublic(...hybrid(point)),
  absent: ecPublic(),
  'the point at infinity': ecPublic(0),
  'all zeros': ecPublic(4, ...new Uint8Array(64)),
  'off the curve': ecPublic(4, ...point.x, ...point.x),
  'cut off': ecPublic(...uncompressed(point).subarray(0, 50)),
  'too long': ecPublic(...uncompressed(point), 0),
  'unused bits': sequence(ecAlgorithm(), bits(1, ...uncompressed(point))),
  'no curve': sequence(ecAlgorithm(nothing), bits(0, ...uncompressed(point))),
  'curve NULL': sequence(ecAlgorithm(nullValue), bits(0, ...uncompressed(point))),
  'another curve': sequence(ecAlgorithm(named('secp384r1')), bits(0, ...uncompressed(point))),
  'explicit parameters': sequence(ecAlgorithm(sequence(integer(1))), bits(0, ...uncompressed(point))),
  'as ECDH': sequence(sequence(oid('1.3.132.1.12'), named('prime256v1')), bits(0, ...uncompressed(point))),
  'called RSA': sequence(rsaAlgorithm, bits(0, ...uncompressed(point))),
  X25519: sequence(sequence(oid('1.3.101.110')), bits(0, ...new Uint8Array(32).fill(9))),
  Ed25519: sequence(sequence(oid('1.3.101.112')), bits(0, ...new Uint8Array(32).fill(9))),
  DSA: sequence(sequence(oid('1.2.840.10040.4.1'), nullValue), bits(0, ...integer(7))),
  'bytes behind': sequence(ecAlgorithm(), bits(0, ...uncompressed(point)), nullValue),
};

const formsOf = (forms: Readonly<Record<string, Uint8Array>>, key: KeyObject, signers?: readonly Order[]): Case[] =>
  Object.entries(forms).flatMap(([name, publicKey]) => [
    own(name, { ...leaf, fields: { publicKey } }, { key }),
    ca(`${name}, CA`, { ...root, key, fields: { publicKey } }, { signers }),
  ]);

const roles: readonly Role[] = ['client', 'server'];

/** The key as the device's own, and as that of a CA. */
function ofKey(name: string, key: KeyObject): Case[] {
  const issuer: Order = { ...root, subject: `root ${name}`, key };
  return [
    ...roles.map((role) => own(`${name}, ${role}`, { ...leaf, key }, { role, key })),
    own(`${name}, issuer`, [{ ...leaf, ...signedBy(issuer) }, issuer], { roots: issuer }),
    ca(`${name}, CA`, issuer),
  ];
}

const k1: readonly Curve[] = ['secp192k1', 'secp224k1', 'secp256k1'];
const short: readonly Curve[] = ['prime192v1', 'secp224r1'];
const unknown: readonly Curve[] = ['secp160r1', 'sect283r1'];
const others = (Object.keys(curves) as Curve[]).filter((curve) => ![...k1, ...short, ...unknown].includes(curve));
const ofCurves = (names: readonly Curve[]) => names.flatMap((name) => ofKey(name, curveKey(name, name)));

export const publicKeyKinds: Kinds = {
  // No peer is signed: the key that would is another one than, say, that of e = 3.
  'RSA public key': () => formsOf(rsaForms, rsaKeys.own, []),
  'EC public key': () => formsOf(ecForms, keys.own),
  curve: () => ofCurves(others),
  'short curve': () => ofCurves(short),
  'k1 curve': () => ofCurves(k1),
  'curve that mbedTLS does not know': () => ofCurves(unknown),
  'size of an RSA key': () =>
    [1024, 1536, 2048, 3072].flatMap((bitCount) => ofKey(`RSA ${bitCount}`, rsaKey(bitCount))),
  'RSA of odd size': () => [2040, 2047].flatMap((bitCount) => ofKey(`RSA ${bitCount}`, rsaKey(bitCount))),
  // Of 512 bits: too short for the hashes of TLS 1.2.
  'tiny RSA key': () => [512, 768].flatMap((bitCount) => ofKey(`RSA ${bitCount}`, rsaKey(bitCount)).slice(0, 2)),

  'several keys in a file': (next) => {
    const labelled: Readonly<Record<string, Buffer>> = {
      'SEC 1': Buffer.from(keys.own.export({ format: 'pem', type: 'sec1' })),
      'PKCS #8': keyPem(keys.own),
      'other SEC 1': Buffer.from(keys.other.export({ format: 'pem', type: 'sec1' })),
      'other PKCS #8': keyPem(keys.other),
      'other RSA': Buffer.from(rsaKeys.other.export({ format: 'pem', type: 'pkcs1' })),
      encrypted: Buffer.from(
        keys.own.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'secret' }),
      ),
      'damaged SEC 1': block('EC PRIVATE KEY', octets(hex('00'))),
      Ed25519: block('PRIVATE KEY', pkcs8(sequence(oid('1.3.101.112')), octets(new Uint8Array(32).fill(7)))),
    };
    const names = Object.keys(labelled);
    const pairs = names.flatMap((first) => names.filter((second) => second !== first).map((second) => [first, second]));
    const triples = Array.from({ length: 24 }, () => [0, 0, 0].map(() => names[next(names.length)] ?? ''));
    return [...pairs, ...triples].map((list) =>
      own(list.join(', '), leaf, { key: Buffer.concat(list.map((name) => labelled[name] ?? nothing)) }),
    );
  },
};
