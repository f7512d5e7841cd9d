import type { KeyObject } from 'node:crypto';
import { pemOf } from '../../src/pki/to-pem.ts';
import { bits, context, integer, nothing, nullValue, octets, oid, sequence } from './der.ts';
import { type Curve, curves } from './keys.ts';

// Private keys written number by number, as no library writes them.

const numberNames = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const;
export type RsaNumbers = Readonly<Record<(typeof numberNames)[number], bigint>>;

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64url');

export function rsaNumbers(key: KeyObject): RsaNumbers {
  const jwk = key.export({ format: 'jwk' });
  const number = (name: (typeof numberNames)[number]) => BigInt(`0x${bytesOf(String(jwk[name])).toString('hex')}`);
  return Object.fromEntries(numberNames.map((name) => [name, number(name)])) as Record<keyof RsaNumbers, bigint>;
}

/** RSAPrivateKey (RFC 8017, A.1.2). */
export const pkcs1 = (numbers: RsaNumbers, version = 0, ...behind: readonly Uint8Array[]): Uint8Array =>
  sequence(integer(version), ...numberNames.map((name) => integer(numbers[name])), ...behind);

/** ECPrivateKey (RFC 5915), field by field. */
export interface EcParts {
  readonly version: Uint8Array;
  readonly secret: Uint8Array;
  readonly parameters: Uint8Array;
  readonly point: Uint8Array;
}

/** Secret number and point of a key on P-256. */
export function ecNumbers(key: KeyObject): { readonly secret: Buffer; readonly x: Buffer; readonly y: Buffer } {
  const { d = '', x = '', y = '' } = key.export({ format: 'jwk' });
  return { secret: bytesOf(d), x: bytesOf(x), y: bytesOf(y) };
}

export const uncompressed = ({ x, y }: { x: Buffer; y: Buffer }): Buffer => Buffer.concat([Buffer.of(4), x, y]);
export const compressed = ({ x, y }: { x: Buffer; y: Buffer }): Buffer =>
  Buffer.concat([Buffer.of(2 + ((y.at(-1) ?? 0) & 1)), x]);
/** X9.62: both halves, and the sign of the second as if there were one. */
export const hybrid = ({ x, y }: { x: Buffer; y: Buffer }): Buffer =>
  Buffer.concat([Buffer.of(6 + ((y.at(-1) ?? 0) & 1)), x, y]);

export const named = (curve: Curve): Uint8Array => oid(curves[curve]);

/** A key on P-256; parts that are given take the place of its own, empty ones leave a field out. */
export function sec1(key: KeyObject, parts: Partial<EcParts> = {}): Uint8Array {
  const numbers = ecNumbers(key);
  const own: EcParts = {
    version: integer(1),
    secret: octets(numbers.secret),
    parameters: context(0, named('prime256v1')),
    point: context(1, bits(0, ...uncompressed(numbers))),
  };
  return sequence(...Object.values({ ...own, ...parts }));
}

export const rsaAlgorithm = sequence(oid('1.2.840.113549.1.1.1'), nullValue);
export const ecAlgorithm = (parameters: Uint8Array = named('prime256v1')): Uint8Array =>
  sequence(oid('1.2.840.10045.2.1'), parameters);

/** PrivateKeyInfo (RFC 5208), or OneAsymmetricKey (RFC 5958) where the version is 1. */
export const pkcs8 = (algorithm: Uint8Array, key: Uint8Array, version = 0, behind = nothing): Uint8Array =>
  sequence(integer(version), algorithm, octets(key), behind);

export const block = (label: string, der: Uint8Array): Buffer => Buffer.from(pemOf(label, der));
