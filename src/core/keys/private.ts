import { keyAlgorithms, sequenceAt, startsWith } from './public.ts';

/** Bytes that show the beginning of a private key. */
const headBytes = 32;
/** An Ed25519 key, the shortest, has 48 bytes. */
const shortestBody = 32;
/** PKCS#5 and PKCS#12: algorithms that encrypt a private key with a password. */
const passwordAlgorithms = [
  [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05],
  [0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c],
];
const [integer, octets, sequence] = [0x02, 0x04, 0x30];

/**
 * Number of bytes of a private key in DER that begins at this byte: PKCS#1, SEC1, PKCS#8, encrypted PKCS#8. Undefined
 * for anything else. Strict, because it is looked for at every byte of a certificate.
 */
export function privateLength(bytes: Uint8Array, at = 0): number | undefined {
  const head = bytes.subarray(at, at + headBytes);
  const outer = sequenceAt(head, 0);
  if (outer === undefined || outer.end - outer.body < shortestBody) return undefined;
  const algorithm = (from: number, known: readonly (readonly number[])[]): boolean => {
    const inner = sequenceAt(head, from);
    return inner !== undefined && known.some((id) => startsWith(head, inner.body, id));
  };
  const { body, end } = outer;
  if (algorithm(body, passwordAlgorithms)) return end;
  if (head[body] !== integer || head[body + 1] !== 1 || (head[body + 2] ?? 9) > 3) return undefined;
  const [tag, length = 0] = head.subarray(body + 3);
  if (tag === integer) return length >= shortestBody && length <= 0x82 ? end : undefined;
  if (tag === octets) return length >= 16 && length <= 0x82 ? end : undefined;
  return tag === sequence && algorithm(body + 3, keyAlgorithms) ? end : undefined;
}

/** Number of base64 digits of a private key that begins at this digit; 0 where none does. */
export function privateDigits(codes: Uint8Array, at: number, length: number): number {
  // A SEQUENCE begins with M, then A to I.
  const second = codes[at + 1] ?? 0;
  if (codes[at] !== 0x4d || second < 0x41 || second > 0x49) return 0;
  const head = Buffer.from(codes.subarray(at, Math.min(length, at + Math.ceil((headBytes * 4) / 3))));
  const bytes = privateLength(Buffer.from(head.toString('latin1'), 'base64'));
  return bytes === undefined ? 0 : Math.ceil((bytes * 4) / 3);
}
