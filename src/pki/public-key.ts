import { nodeCrypto, sha256 } from '../core/crypto.ts';
import { curveOf, type KeyType, keyTypes } from './algorithms.ts';
import {
  bitLength,
  bitString,
  checkDer,
  childrenOf,
  contentOf,
  type DerElement,
  magnitude,
  oidText,
  rawOf,
  tags,
} from './der.ts';

/** What there is to know of a public key, or of a private key's public half. */
export interface PublicKey {
  readonly type: KeyType;
  /** Of the modulus or the curve; 0 where it is not known. */
  readonly bits: number;
  /** `P-256`, of EC keys; for type `other`, the OID of the algorithm. */
  readonly curve?: string;
  /** Hex digits of the SHA-256 of the SubjectPublicKeyInfo: the same for a certificate and its key. */
  readonly spkiSha256: string;
}

/** `RSA 2048`, `EC P-256`, `Ed25519`. */
export function keyText({ type, bits, curve }: Pick<PublicKey, 'type' | 'bits' | 'curve'>): string {
  if (type === 'RSA' || type === 'DSA') return `${type} ${bits}`;
  if (type === 'EC') return `EC ${curve}`;
  return type === 'other' ? `an algorithm with OID ${curve}` : type;
}

/** Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7); undefined where the element is none. */
export function publicKeyOf(bytes: Uint8Array, spki: DerElement | undefined): PublicKey | undefined {
  const [algorithm, key, ...rest] = childrenOf(bytes, spki);
  if (spki === undefined || algorithm?.tag !== tags.sequence || rest.length > 0) return undefined;
  const content = bitString(bytes, key);
  const [identifier, parameters] = childrenOf(bytes, algorithm);
  const oid = oidText(bytes, identifier);
  if (content === undefined || oid === '') return undefined;
  const facts = factsOf(keyTypes.get(oid) ?? 'other', oid, bytes, parameters, content);
  const curve = facts?.type === 'EC' ? curveOf(oidText(bytes, parameters)).openssl : '';
  if (hasCurve(curve) && !isOnCurve(content, curve)) return undefined;
  let fingerprint: string | undefined;
  return (
    facts && {
      ...facts,
      // Made where it is asked for: what is only shown does without crypto.
      get spkiSha256() {
        fingerprint ??= sha256(rawOf(bytes, spki));
        return fingerprint;
      },
    }
  );
}

/** Whether the point of an EC key lies on its curve: mbedTLS refuses others. Told of the curves that this Node has. */
function isOnCurve(point: Uint8Array, curve: string): boolean {
  try {
    // Ten times as fast as making a key object of it.
    nodeCrypto().ECDH.convertKey(Buffer.from(point), curve, undefined, undefined, 'uncompressed');
    return true;
  } catch {
    return false;
  }
}

function factsOf(
  type: KeyType,
  oid: string,
  bytes: Uint8Array,
  parameters: DerElement | undefined,
  key: Uint8Array,
): Omit<PublicKey, 'spkiSha256'> | undefined {
  if (type === 'RSA') {
    const modulus = modulusOf(key);
    return modulus && { type, bits: bitLength(modulus) };
  }
  if (type === 'EC') {
    const { name, bits } = curveOf(oidText(bytes, parameters));
    return { type, bits, curve: name };
  }
  if (type === 'DSA') {
    const [prime] = childrenOf(bytes, parameters);
    return { type, bits: prime ? bitLength(magnitude(bytes, prime)) : 0 };
  }
  if (type === 'other') return { type, bits: 0, curve: oid };
  return { type, bits: key.length * 8 };
}

/** RSAPublicKey (RFC 8017, A.1.1): modulus and exponent, and nothing else. */
function modulusOf(key: Uint8Array): Uint8Array | undefined {
  const checked = checkDer(key);
  if (!('top' in checked) || checked.top.end !== key.length) return undefined;
  const [modulus, exponent, ...rest] = childrenOf(key, checked.top);
  if (!isPositive(key, modulus) || !isPositive(key, exponent) || rest.length > 0) return undefined;
  return modulus && magnitude(key, modulus);
}

/** A positive INTEGER in its shortest form. */
function isPositive(bytes: Uint8Array, element: DerElement | undefined): boolean {
  if (element?.tag !== tags.integer || element.content === element.end) return false;
  const [first = 0, second = 0] = contentOf(bytes, element);
  return first < 0x80 && (first > 0 || second >= 0x80);
}

let curves: ReadonlySet<string> | undefined;

/** `curve` as OpenSSL calls it. */
export function hasCurve(curve: string): boolean {
  if (curve === '') return false;
  curves ??= new Set(nodeCrypto().getCurves());
  return curves.has(curve);
}
