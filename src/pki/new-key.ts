import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export const keyTypes = ['ec', 'rsa'] as const;
export const sizes = { ec: [256, 384, 521], rsa: [2048, 3072, 4096] } as const;

export interface KeyKind {
  readonly type: (typeof keyTypes)[number];
  /** One of `sizes`. */
  readonly bits: number;
}

export interface KeyPair {
  readonly privateKey: KeyObject;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

const generate = promisify(generateKeyPair);

/** Makes a new key, beside the main thread. */
export async function newKey({ type, bits }: KeyKind): Promise<KeyPair> {
  const { privateKey } =
    type === 'ec' ? await generate('ec', { namedCurve: `P-${bits}` }) : await generate('rsa', { modulusLength: bits });
  return { privateKey, spki: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }) };
}

/** As PEM in the form that the releases of ESP-AT ship, which each of their TLS libraries reads. */
export function privateKeyPem({ privateKey }: KeyPair): Uint8Array {
  const type = privateKey.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1';
  return Buffer.from(privateKey.export({ format: 'pem', type }));
}
