import { nodeCrypto, sha256 } from '../core/crypto.ts';
import { curveOf, type KeyType, keyTypes } from './algorithms.ts';
import {
  bitLength,
  bitString,
  checkDer,
  childrenOf,
  type DerElement,
  derOf,
  magnitude,
  oidText,
  rawOf,
  tags,
} from './der.ts';
import type { Refusal } from './refusal.ts';

/** What there is to know of a public key, or of a private key's public half. */
export interface PublicKey {
  readonly type: KeyType;
  /** Of the modulus or the curve; 0 where it is not known. */
  readonly bits: number;
  /** `P-256`, of EC keys; for type `other`, the OID of the algorithm. */
  readonly curve?: string;
  /** Hex digits of the SHA-256 of the SubjectPublicKeyInfo: the same for a certificate and its key. */
  readonly spkiSha256: string;
  readonly refusals: readonly Refusal[];
}

/** Algorithms whose keys people meet, though the firmware has no use for them. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.10', 'RSA-PSS'],
  ['1.2.840.113549.1.3.1', 'Diffie-Hellman'],
  ['1.3.101.110', 'X25519'],
  ['1.3.101.111', 'X448'],
]);

/** `RSA 2048`, `EC P-256`, `Ed25519`. */
export function keyText({ type, bits, curve }: Pick<PublicKey, 'type' | 'bits' | 'curve'>): string {
  if (type === 'RSA' || type === 'DSA') return `${type} ${bits}`;
  if (type === 'EC') return `EC ${curve}`;
  return type === 'other' ? (otherNames.get(curve ?? '') ?? `an algorithm with OID ${curve}`) : type;
}

/** Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7); undefined where the element is none. */
export function publicKeyOf(bytes: Uint8Array, spki: DerElement | undefined): PublicKey | undefined {
  const [algorithm, key, ...rest] = childrenOf(bytes, spki);
  if (spki === undefined || algorithm?.tag !== tags.sequence || rest.length > 0) return undefined;
  const content = bitString(bytes, key);
  const [identifier, parameters] = childrenOf(bytes, algorithm);
  const oid = oidText(bytes, identifier);
  if (content === undefined || oid === '') return undefined;
  const type = keyTypes.get(oid) ?? 'other';
  if (type === 'RSA') {
    const rsa = rsaKey(content);
    const isPlain = parameters === undefined || (parameters.tag === tags.null && parameters.end === parameters.content);
    if (rsa === undefined || isPlain) return rsa;
    return { ...rsa, refusals: [{ message: 'has an RSA key with parameters, which has none', codes: ['-0x3a80'] }] };
  }
  if (type === 'EC') return ecKey(bytes, algorithm, parameters, content);
  const known = { type, spkiSha256: sha256(rawOf(bytes, spki)), refusals: [] };
  if (type === 'DSA') {
    const [prime] = childrenOf(bytes, parameters);
    return { ...known, bits: prime ? bitLength(magnitude(bytes, prime)) : 0 };
  }
  return type === 'other' ? { ...known, bits: 0, curve: oid } : { ...known, bits: content.length * 8 };
}

const rsaAlgorithm = derOf(
  tags.sequence,
  Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01),
  Uint8Array.of(0x05, 0x00),
);

/** RSAPublicKey (RFC 8017, A.1.1): modulus and exponent, and nothing else. mbedTLS reads both without a sign. */
function rsaKey(key: Uint8Array): PublicKey | undefined {
  const checked = checkDer(key);
  if (!('top' in checked) || checked.top.end !== key.length) return undefined;
  const [modulus, exponent, ...rest] = childrenOf(key, checked.top);
  if (!isNumber(modulus) || !isNumber(exponent) || rest.length > 0) return undefined;
  return rsaKeyOf(magnitude(key, modulus), magnitude(key, exponent));
}

const isNumber = (element: DerElement | undefined): element is DerElement =>
  element?.tag === tags.integer && element.end > element.content;

/** The RSA key of these numbers, without their leading zeros. One key has one fingerprint, however it was written. */
export function rsaKeyOf(modulus: Uint8Array, exponent: Uint8Array): PublicKey {
  const bits = bitLength(modulus);
  const numbers = derOf(tags.sequence, positive(modulus), positive(exponent));
  const isOdd = (number: Uint8Array): boolean => ((number.at(-1) ?? 0) & 1) === 1;
  const refusals: Refusal[] = [];
  if (!isOdd(exponent) || bitLength(exponent) < 2) {
    refusals.push({ message: 'has an RSA key with an invalid public exponent (1 or even)', codes: ['-0x3b00'] });
  } else if (!isOdd(modulus) || bits < 128) {
    refusals.push({ message: 'has an RSA key with an invalid modulus', codes: ['-0x3b00'] });
  }
  let fingerprint: string | undefined;
  return {
    ...{ type: 'RSA', bits, refusals },
    // Made where it is asked for: what is only shown does without crypto.
    get spkiSha256() {
      fingerprint ??= spkiHash(rsaAlgorithm, numbers);
      return fingerprint;
    },
  };
}

const positive = (number: Uint8Array): Uint8Array =>
  (number[0] ?? 0x80) >= 0x80 ? derOf(tags.integer, Uint8Array.of(0), number) : derOf(tags.integer, number);

const spkiHash = (algorithm: Uint8Array, key: Uint8Array): string =>
  sha256(derOf(tags.sequence, algorithm, derOf(tags.bitString, Uint8Array.of(0), key)));

/** `algorithm` names the curve (RFC 5480); `point` is on it, as far as this Node knows the curve. */
function ecKey(
  bytes: Uint8Array,
  algorithm: DerElement,
  parameters: DerElement | undefined,
  point: Uint8Array,
): PublicKey | undefined {
  const { name, bits, openssl } = curveOf(oidText(bytes, parameters));
  const whole = hasCurve(openssl) ? uncompressed(point, openssl) : point;
  if (whole === undefined) return undefined;
  const spkiSha256 = spkiHash(rawOf(bytes, algorithm), whole);
  return { type: 'EC', bits, curve: name, spkiSha256, refusals: pointRefusals(point[0]) };
}

/** SEC 1, 2.3.3: 04 stands before both coordinates, 02 and 03 before one alone, 06 and 07 before both in a third form. */
function pointRefusals(form: number | undefined): Refusal[] {
  if (form === 4) return [];
  if (form === 2 || form === 3) {
    return [{ message: 'has its EC point compressed, which needs mbedTLS 3', codes: ['-0x4e80'], by: ['2.16'] }];
  }
  return [{ message: 'has its EC point in a form that mbedTLS does not read', codes: ['-0x3b00'] }];
}

/** A point with both its coordinates; undefined where it is not on its curve: mbedTLS refuses such keys. */
function uncompressed(point: Uint8Array, curve: string): Uint8Array | undefined {
  try {
    // Ten times as fast as making a key object of it.
    const whole = nodeCrypto().ECDH.convertKey(Buffer.from(point), curve, undefined, undefined, 'uncompressed');
    return typeof whole === 'string' ? undefined : whole;
  } catch {
    return undefined;
  }
}

let curves: ReadonlySet<string> | undefined;

/** `curve` as OpenSSL calls it. */
export function hasCurve(curve: string): boolean {
  if (curve === '') return false;
  curves ??= new Set(nodeCrypto().getCurves());
  return curves.has(curve);
}
