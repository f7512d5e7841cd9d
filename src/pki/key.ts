import { equalBytes } from '../core/bytes.ts';
import { nodeCrypto, sha256 } from '../core/crypto.ts';
import { curveOf, keyTypes } from './algorithms.ts';
import {
  bitString,
  checkDer,
  childrenOf,
  contentOf,
  type DerElement,
  derOf,
  elementWithin,
  magnitude,
  oidText,
  rawOf,
  smallInteger,
  tags,
} from './der.ts';
import { hasCurve, type PublicKey, publicKeyOf } from './public-key.ts';

export type KeyForm = 'PKCS #1' | 'PKCS #8' | 'SEC 1' | 'DSA';

/** What may be known of a private key: its form and its public half. None of its own bytes. */
export interface PrivateKey extends PublicKey {
  readonly form: KeyForm;
}

/** A key, or why its bytes are none: never with a byte of them. */
export type ReadKey = { readonly key: PrivateKey } | { readonly problem: string };

const problem = (text: string): ReadKey => ({ problem: text });
const nullParameters = Uint8Array.of(0x05, 0x00);
/** Bytes; what OpenSSL takes at most. Multiplying longer numbers would take its time. */
const largestModulus = 16384 / 8 + 1;
const rsaOid = Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01);
const ecOid = Uint8Array.of(0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);

/** Which form of private key a DER structure has; undefined where it is none. The structure is checked already. */
export function keyFormOf(der: Uint8Array, top: DerElement): KeyForm | undefined {
  const [version, second, third, ...rest] = childrenOf(der, top);
  const number = smallInteger(der, version);
  if (number === undefined || number > 1) return undefined;
  if (second?.tag === tags.sequence && third?.tag === tags.octetString) return 'PKCS #8';
  if (second?.tag === tags.octetString) return 'SEC 1';
  const integers = [second, third, ...rest].filter((one) => one?.tag === tags.integer).length;
  if (integers >= 8) return 'PKCS #1';
  return integers === 5 && number === 0 ? 'DSA' : undefined;
}

/** Reads the private key that a DER structure of this form is. */
export function readPrivateKey(der: Uint8Array, top: DerElement, form: KeyForm): ReadKey {
  const read = form === 'PKCS #8' ? pkcs8 : form === 'PKCS #1' ? pkcs1 : form === 'SEC 1' ? sec1 : dsa;
  const result = read(der, top);
  return 'problem' in result ? result : { key: { ...result.key, form } };
}

/** RFC 5208 and RFC 5958. */
function pkcs8(der: Uint8Array, top: DerElement): ReadKey {
  const [, algorithm, key] = childrenOf(der, top);
  const [identifier, parameters] = childrenOf(der, algorithm);
  const type = keyTypes.get(oidText(der, identifier));
  if (type === 'RSA' || type === 'EC') {
    const inner = key && contentOf(der, key);
    const checked = inner && checkDer(inner);
    if (!inner || !checked || 'problem' in checked) return problem('the key inside its PKCS #8 wrapping is damaged');
    return type === 'RSA' ? pkcs1(inner, checked.top) : sec1(inner, checked.top, parameters && rawOf(der, parameters));
  }
  const bits = type === 'Ed25519' ? 256 : type === 'Ed448' ? 456 : 0;
  const curve = type === undefined ? { curve: oidText(der, identifier) } : {};
  const spkiSha256 = derivedFingerprint(rawOf(der, top), 'pkcs8') ?? '';
  return { key: { type: type ?? 'other', bits, ...curve, spkiSha256, form: 'PKCS #8' } };
}

/** RSAPrivateKey (RFC 8017, A.1.2). Its public half is written from its modulus and exponent. */
function pkcs1(der: Uint8Array, top: DerElement): ReadKey {
  const [, modulus, exponent, , p, q, ...rest] = childrenOf(der, top);
  if (!modulus || !exponent || !p || !q || rest.length < 3) return problem('it lacks numbers that an RSA key has');
  const number = (element: DerElement) => BigInt(`0x0${Buffer.from(contentOf(der, element)).toString('hex')}`);
  // mbedTLS refuses such a key as well. Keys of more than two primes, which nobody uses, are left to it.
  const checkable = rest.length === 3 && modulus.end - modulus.content <= largestModulus;
  if (checkable && number(p) * number(q) !== number(modulus)) {
    return problem('its numbers do not belong together: the product of its primes is not its modulus');
  }
  const numbers = derOf(tags.sequence, rawOf(der, modulus), rawOf(der, exponent));
  return withPublicHalf(derOf(tags.sequence, rsaOid, nullParameters), numbers);
}

/** ECPrivateKey (RFC 5915). `curve` is the OID from a PKCS #8 wrapping, where the key itself need not name it. */
function sec1(der: Uint8Array, top: DerElement, curve?: Uint8Array): ReadKey {
  const [, secret, ...optional] = childrenOf(der, top);
  const field = (number: number) =>
    elementWithin(
      der,
      optional.find(({ tag }) => tag === tags.context(number)),
    );
  const own = field(0);
  const parameters = own ? rawOf(der, own) : curve;
  if (secret?.tag !== tags.octetString || parameters === undefined) return problem('it does not name its curve');
  const named = checkDer(parameters);
  const known = curveOf('top' in named ? oidText(parameters, named.top) : '');
  const said = bitString(der, field(1));
  const derived = publicPoint(known.openssl, contentOf(der, secret));
  if (derived === 'refused') return problem(`its number is not one that ${known.name} takes`);
  if (said && derived && said.length === derived.length && !equalBytes(said, derived)) {
    return problem('the public half stored in it does not belong to it');
  }
  const point = derived ?? said;
  if (point === undefined) {
    return { key: { type: 'EC', bits: known.bits, curve: known.name, spkiSha256: '', form: 'SEC 1' } };
  }
  return withPublicHalf(derOf(tags.sequence, ecOid, parameters), point);
}

/** The uncompressed point that belongs to a secret number; undefined where this Node does not know the curve. */
function publicPoint(curve: string, secret: Uint8Array): Uint8Array | 'refused' | undefined {
  if (!hasCurve(curve)) return undefined;
  const exchange = nodeCrypto().createECDH(curve);
  try {
    exchange.setPrivateKey(secret);
    return exchange.getPublicKey();
  } catch {
    return 'refused';
  }
}

function withPublicHalf(algorithm: Uint8Array, key: Uint8Array): ReadKey {
  const spki = derOf(tags.sequence, algorithm, derOf(tags.bitString, Uint8Array.of(0), key));
  const checked = checkDer(spki);
  const publicKey = 'top' in checked ? publicKeyOf(spki, checked.top) : undefined;
  return publicKey ? { key: { ...publicKey, form: 'PKCS #8' } } : problem('its public half cannot be made out');
}

/** The form that OpenSSL wrote before PKCS #8: version, p, q, g, public, private. */
function dsa(der: Uint8Array, top: DerElement): ReadKey {
  const [, prime] = childrenOf(der, top);
  const bits = prime ? magnitude(der, prime).length * 8 : 0;
  return { key: { type: 'DSA', bits, spkiSha256: '', form: 'DSA' } };
}

/** Empty-handed where OpenSSL does not know the key; its error is dropped, lest it tell something of the key. */
function derivedFingerprint(der: Uint8Array, type: 'pkcs8'): string | undefined {
  try {
    const key = nodeCrypto().createPrivateKey({ key: Buffer.from(der), format: 'der', type });
    return sha256(nodeCrypto().createPublicKey(key).export({ format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}
