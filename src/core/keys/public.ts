/** Bytes of DER that its beginning must show before anything follows from it. */
export const telling = 24;

/**
 * How many bytes a public object has that begins with these bytes of DER: a certificate, a request, a revocation list,
 * a public key, PKCS#7. Undefined for private keys and for anything else.
 */
export function publicLength(bytes: Uint8Array): number | undefined {
  const outer = sequenceAt(bytes, 0);
  if (outer === undefined) return undefined;
  const { body, end } = outer;
  const tag = bytes[body];
  if (tag === objectIdentifier) return startsWith(bytes, body, pkcs7) ? end : undefined;
  // Private keys begin with a version; the public key of PKCS#1 and Diffie-Hellman parameters with a long number.
  if (tag === integer) return bytes[body + 1] === 0x82 || bytes[body + 1] === 0x81 ? end : undefined;
  const inner = sequenceAt(bytes, body);
  if (inner === undefined) return undefined;
  const first = bytes[inner.body];
  if (first === versionTag || first === integer) return end;
  const isAlgorithm = first === objectIdentifier && keyAlgorithms.some((id) => startsWith(bytes, inner.body, id));
  return isAlgorithm ? end : undefined;
}

const [integer, objectIdentifier, versionTag] = [0x02, 0x06, 0xa0];
const pkcs7 = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
/** RSA, elliptic curves, Ed25519 and its kin. Of passwords there are others: those are encrypted private keys. */
export const keyAlgorithms = [
  [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01],
  [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
  [0x06, 0x03, 0x2b, 0x65],
];

export const startsWith = (bytes: Uint8Array, at: number, wanted: readonly number[]): boolean =>
  wanted.every((byte, index) => bytes[at + index] === byte);

/** Where the body of a SEQUENCE begins and where it ends, which may lie beyond the bytes that are known. */
export function sequenceAt(bytes: Uint8Array, at: number): { readonly body: number; readonly end: number } | undefined {
  const [tag, length = 0, high = 0, low = 0] = bytes.subarray(at, at + 4);
  if (tag !== 0x30) return undefined;
  if (length < 0x80) return { body: at + 2, end: at + 2 + length };
  if (length === 0x81) return { body: at + 3, end: at + 3 + high };
  return length === 0x82 ? { body: at + 4, end: at + 4 + high * 256 + low } : undefined;
}
