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
import { hasCurve, type PublicKey, publicKeyOf, rsaKeyOf } from './public-key.ts';
import type { Refusal } from './refusal.ts';

export type KeyForm = 'PKCS #1' | 'PKCS #8' | 'SEC 1' | 'DSA';

/** What may be known of a private key: its form and its public half. None of its own bytes. */
export interface PrivateKey extends PublicKey {
  readonly form: KeyForm;
}

/** A key, or why its bytes are none: never with a byte of them. */
export type ReadKey = { readonly key: PrivateKey } | { readonly problem: string };

const problem = (text: string): ReadKey => ({ problem: text });
/** Bytes; what OpenSSL takes at most. Multiplying longer numbers would take its time. */
const largestModulus = 16384 / 8 + 1;
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
  const [version, algorithm, key, ...rest] = childrenOf(der, top);
  const [identifier, parameters] = childrenOf(der, algorithm);
  const type = keyTypes.get(oidText(der, identifier));
  const refusals: Refusal[] = [];
  if (smallInteger(der, version) !== 0)
    refusals.push(
      wrongVersion(
        'PKCS #8 of version 2 (RFC 5958), and 1 is taken',
        'export it as PKCS #8 version 1, without the public key',
      ),
    );
  else if (rest.length > 0) {
    const message = 'is PKCS #8 with attributes, as Windows writes it';
    refusals.push({ message, codes: ['-0x3d66'], by: ['3.6'] });
  }
  if (type === 'RSA' && parameters && (parameters.tag !== tags.null || parameters.end > parameters.content)) {
    refusals.push({ message: 'is PKCS #8 of an RSA key with parameters, which has none', codes: ['-0x3a80'] });
  }
  if (type === 'EC' && parameters === undefined) {
    refusals.push({ message: 'is PKCS #8 that does not name its curve', codes: ['-0x3d60'] });
  }
  if (type === 'RSA' || type === 'EC') {
    const inner = key && contentOf(der, key);
    const checked = inner && checkDer(inner);
    if (!inner || !checked || 'problem' in checked) return problem('the key inside its PKCS #8 wrapping is damaged');
    const read =
      type === 'RSA' ? pkcs1(inner, checked.top) : sec1(inner, checked.top, parameters && rawOf(der, parameters));
    return 'problem' in read ? read : { key: { ...read.key, refusals: [...refusals, ...read.key.refusals] } };
  }
  const bits = type === 'Ed25519' ? 256 : type === 'Ed448' ? 456 : 0;
  const curve = type === undefined ? { curve: oidText(der, identifier) } : {};
  const spkiSha256 = derivedFingerprint(rawOf(der, top), 'pkcs8') ?? '';
  return { key: { type: type ?? 'other', bits, ...curve, spkiSha256, form: 'PKCS #8', refusals } };
}

const wrongVersion = (what: string, hint: string): Refusal => ({ message: `is ${what}`, codes: ['-0x3d80'], hint });
const newKeyHint = 'generate a new key with two primes, and request a certificate for it';

/** RSAPrivateKey (RFC 8017, A.1.2). */
function pkcs1(der: Uint8Array, top: DerElement): ReadKey {
  const [version, modulus, exponent, d, p, q, dp, dq, qInverse, ...others] = childrenOf(der, top);
  if (!modulus || !exponent || !d || !p || !q || !dp || !dq || !qInverse) {
    return problem('it lacks numbers that an RSA key has');
  }
  const key = rsaKeyOf(magnitude(der, modulus), magnitude(der, exponent));
  if (smallInteger(der, version) !== 0 || others.length > 0) {
    return withForm(key, [wrongVersion('an RSA key of more than two primes', newKeyHint)]);
  }
  if (modulus.end - modulus.content > largestModulus) return withForm(key);
  const number = (element: DerElement): bigint => BigInt(`0x0${Buffer.from(contentOf(der, element)).toString('hex')}`);
  const numbers = { n: number(modulus), e: number(exponent), d: number(d), p: number(p), q: number(q) };
  const odd = oddNumber({ ...numbers, dp: number(dp), dq: number(dq), qInverse: number(qInverse) });
  return odd === undefined ? withForm(key) : problem(`its numbers do not belong together: ${odd}`);
}

/** The first number of an RSA key that does not fit the others, as mbedtls_rsa_check_privkey finds it. */
function oddNumber(key: Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qInverse', bigint>>) {
  const { n, e, d, p, q, dp, dq, qInverse } = key;
  if (p * q !== n) return 'the product of its primes is not its modulus';
  if (p <= 1n || q <= 1n) return 'one of its primes is invalid';
  const isInverse = (prime: bigint): boolean => (d * e) % (prime - 1n) === 1n % (prime - 1n);
  if (d <= 1n || d >= n || !isInverse(p) || !isInverse(q)) return 'its private exponent is not that of its public one';
  if ((dp - d) % (p - 1n) !== 0n || (dq - d) % (q - 1n) !== 0n) return 'its exponents for the two primes are wrong';
  return (qInverse * q) % p === 1n ? undefined : 'its coefficient (qInv) is wrong, or its two primes are swapped';
}

const withForm = (key: PublicKey, refusals: readonly Refusal[] = []): ReadKey => ({
  key: { ...key, form: 'PKCS #1', refusals: [...refusals, ...key.refusals] },
});

/** ECPrivateKey (RFC 5915). `curve` is the OID from a PKCS #8 wrapping, where the key itself need not name it. */
function sec1(der: Uint8Array, top: DerElement, curve?: Uint8Array): ReadKey {
  const [version, secret, ...optional] = childrenOf(der, top);
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
  const half = field(1);
  const said = bitString(der, half);
  const derived = publicPoint(known.openssl, contentOf(der, secret));
  if (derived === 'refused') return problem(`its number is not one that ${known.name} takes`);
  const isOther = said?.[0] === 4 && derived && said.length === derived.length && !equalBytes(said, derived);
  if (isOther) return problem('the public half stored in it does not belong to it');
  const refusals: Refusal[] = [];
  if (smallInteger(der, version) !== 1)
    refusals.push(
      wrongVersion('an EC key of another version than 1', 'generate a new key, and request a certificate for it'),
    );
  const hasHalf = optional.some(({ tag }) => tag === tags.context(1));
  // Points in other forms than 04 are passed over, and the half is computed.
  const isNone =
    said === undefined || said.length === 0 || said[0] === 0 || (said[0] === 4 && derived?.length !== said.length);
  // The curve is looked for in the first place alone.
  const isHidden = own !== undefined && curve === undefined && optional[0]?.tag !== tags.context(0);
  if ((hasHalf && isNone && derived !== undefined) || isHidden) {
    refusals.push({
      message: 'is an EC key with an invalid public half, or with the public half before the curve',
      codes: ['-0x3d00'],
    });
  }
  const point = derived ?? said;
  if (point === undefined) {
    return { key: { type: 'EC', bits: known.bits, curve: known.name, spkiSha256: '', form: 'SEC 1', refusals } };
  }
  return withPublicHalf(derOf(tags.sequence, ecOid, parameters), point, refusals);
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

function withPublicHalf(algorithm: Uint8Array, key: Uint8Array, refusals: readonly Refusal[]): ReadKey {
  const spki = derOf(tags.sequence, algorithm, derOf(tags.bitString, Uint8Array.of(0), key));
  const checked = checkDer(spki);
  const publicKey = 'top' in checked ? publicKeyOf(spki, checked.top) : undefined;
  return publicKey ? { key: { ...publicKey, form: 'SEC 1', refusals } } : problem('its public half cannot be made out');
}

/** The form that OpenSSL wrote before PKCS #8: version, p, q, g, public, private. */
function dsa(der: Uint8Array, top: DerElement): ReadKey {
  const [, prime] = childrenOf(der, top);
  const bits = prime ? magnitude(der, prime).length * 8 : 0;
  return { key: { type: 'DSA', bits, spkiSha256: '', form: 'DSA', refusals: [] } };
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
