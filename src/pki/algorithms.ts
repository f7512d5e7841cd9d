import { childrenOf, type DerElement, elementWithin, oidText, smallInteger, tags } from './der.ts';
import type { Refusal } from './refusal.ts';

export type Hash = 'MD2' | 'MD4' | 'MD5' | 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';
export type KeyType = 'RSA' | 'EC' | 'Ed25519' | 'Ed448' | 'DSA' | 'other';

export interface SignatureAlgorithm {
  /** `RSA with SHA-256`; an unknown one by its OID. */
  readonly name: string;
  readonly type: KeyType;
  /** Absent where the algorithm has its own (Ed25519) or is unknown. */
  readonly hash?: Hash;
  /** RSASSA-PSS; `salt` bytes. */
  readonly pss?: { readonly salt: number };
}

const signature = (type: KeyType, hash: Hash): SignatureAlgorithm => {
  return { name: `${type === 'EC' ? 'ECDSA' : type} with ${hash}`, type, hash };
};

// RFC 3279, RFC 4055, RFC 5758, RFC 8410.
const signatures: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ['1.2.840.113549.1.1.2', signature('RSA', 'MD2')],
  ['1.2.840.113549.1.1.3', signature('RSA', 'MD4')],
  ['1.2.840.113549.1.1.4', signature('RSA', 'MD5')],
  ['1.2.840.113549.1.1.5', signature('RSA', 'SHA-1')],
  ['1.3.14.3.2.29', signature('RSA', 'SHA-1')],
  ['1.2.840.113549.1.1.14', signature('RSA', 'SHA-224')],
  ['1.2.840.113549.1.1.11', signature('RSA', 'SHA-256')],
  ['1.2.840.113549.1.1.12', signature('RSA', 'SHA-384')],
  ['1.2.840.113549.1.1.13', signature('RSA', 'SHA-512')],
  ['1.2.840.10045.4.1', signature('EC', 'SHA-1')],
  ['1.2.840.10045.4.3.1', signature('EC', 'SHA-224')],
  ['1.2.840.10045.4.3.2', signature('EC', 'SHA-256')],
  ['1.2.840.10045.4.3.3', signature('EC', 'SHA-384')],
  ['1.2.840.10045.4.3.4', signature('EC', 'SHA-512')],
  ['1.2.840.10040.4.3', signature('DSA', 'SHA-1')],
  ['2.16.840.1.101.3.4.3.2', signature('DSA', 'SHA-256')],
  ['1.3.101.112', { name: 'Ed25519', type: 'Ed25519' }],
  ['1.3.101.113', { name: 'Ed448', type: 'Ed448' }],
]);

const hashes: ReadonlyMap<string, Hash> = new Map([
  ['1.2.840.113549.2.5', 'MD5'],
  ['1.3.14.3.2.26', 'SHA-1'],
  ['2.16.840.1.101.3.4.2.4', 'SHA-224'],
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
]);

/** Reads an AlgorithmIdentifier of a signature. */
export function signatureAlgorithm(bytes: Uint8Array, element: DerElement | undefined): SignatureAlgorithm {
  const [algorithm, parameters] = childrenOf(bytes, element);
  const oid = oidText(bytes, algorithm);
  if (oid === pssOid) return pssAlgorithm(bytes, parameters);
  return signatures.get(oid) ?? { name: oid === '' ? 'none' : oid, type: 'other' };
}

/** RFC 4055: [0] the hash, SHA-1 if absent; [2] the length of the salt, 20 if absent. */
function pssAlgorithm(bytes: Uint8Array, parameters: DerElement | undefined): SignatureAlgorithm {
  const fields = childrenOf(bytes, parameters);
  const field = (tag: number) =>
    elementWithin(
      bytes,
      fields.find((element) => element.tag === tag),
    );
  const hash = hashes.get(oidText(bytes, childrenOf(bytes, field(0xa0))[0])) ?? 'SHA-1';
  const salt = field(0xa2);
  const saltLength = salt === undefined ? 20 : (bytes[salt.end - 1] ?? 20);
  return { name: `RSA-PSS with ${hash}`, type: 'RSA', hash, pss: { salt: saltLength } };
}

const pssOid = '1.2.840.113549.1.1.10';

/** Returns why mbedTLS rejects an AlgorithmIdentifier of a signature (x509_get_sig_alg). */
export function algorithmRefusals(bytes: Uint8Array, element: DerElement | undefined): Refusal[] {
  const [algorithm, parameters] = childrenOf(bytes, element);
  const oid = oidText(bytes, algorithm);
  if (oid === pssOid) {
    if (parameters?.tag !== tags.sequence)
      return [{ message: 'is signed by RSA-PSS without its parameters', codes: ['-0x2362'] }];
    const trailer = childrenOf(bytes, parameters).find(({ tag }) => tag === tags.context(3));
    const isUsual = trailer === undefined || smallInteger(bytes, elementWithin(bytes, trailer)) === 1;
    return isUsual ? [] : [{ message: 'is signed by RSA-PSS with an odd trailer', codes: ['-0x2300'] }];
  }
  const isPlain = parameters === undefined || (parameters.tag === tags.null && parameters.end === parameters.content);
  if (!signatures.has(oid) || isPlain) return [];
  return [{ message: 'has parameters for its signature, which takes none', codes: ['-0x2300'] }];
}

export interface Curve {
  /** `P-256`, `brainpoolP256r1`, `secp256k1`. */
  readonly name: string;
  readonly bits: number;
  /** As OpenSSL calls it. */
  readonly openssl: string;
}

const curve = (oid: string, bits: number, openssl: string, name = openssl): [string, Curve] => [
  oid,
  { name, bits, openssl },
];

// SEC 2, RFC 5639.
const curves: ReadonlyMap<string, Curve> = new Map([
  curve('1.2.840.10045.3.1.1', 192, 'prime192v1', 'P-192'),
  curve('1.3.132.0.33', 224, 'secp224r1', 'P-224'),
  curve('1.2.840.10045.3.1.7', 256, 'prime256v1', 'P-256'),
  curve('1.3.132.0.34', 384, 'secp384r1', 'P-384'),
  curve('1.3.132.0.35', 521, 'secp521r1', 'P-521'),
  curve('1.3.132.0.31', 192, 'secp192k1'),
  curve('1.3.132.0.32', 224, 'secp224k1'),
  curve('1.3.132.0.10', 256, 'secp256k1'),
  // Only named: OpenSSL has a type of its own for its keys.
  curve('1.2.156.10197.1.301', 256, '', 'SM2'),
  curve('1.3.36.3.3.2.8.1.1.7', 256, 'brainpoolP256r1'),
  curve('1.3.36.3.3.2.8.1.1.11', 384, 'brainpoolP384r1'),
  curve('1.3.36.3.3.2.8.1.1.13', 512, 'brainpoolP512r1'),
]);

/** The curve that an OID names; another one by its OID, its size unknown. */
export function curveOf(oid: string): Curve {
  return curves.get(oid) ?? { name: oid === '' ? 'explicit parameters' : oid, bits: 0, openssl: '' };
}

/** Types of keys by the OID of their AlgorithmIdentifier. */
export const keyTypes: ReadonlyMap<string, KeyType> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.2.840.10045.2.1', 'EC'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
  ['1.2.840.10040.4.1', 'DSA'],
]);
