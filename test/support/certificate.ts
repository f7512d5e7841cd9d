import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { derOf, tags } from '../../src/pki/der.ts';
import { pemOf } from '../../src/pki/to-pem.ts';

/** Certificates made to order, with any fault: no tool is needed, and nothing of it is the code under test but `derOf`. */
export interface Order {
  readonly subject: string;
  readonly key: KeyObject;
  readonly issuer?: string;
  /** The issuer's key; its own if absent. */
  readonly issuerKey?: KeyObject;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** CA:TRUE, CA:FALSE, or no basic constraints. */
  readonly ca?: boolean;
  /** A key usage extension, with or without keyCertSign. */
  readonly maySign?: boolean;
  readonly hash?: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
  /** Signs the body where the hash alone does not say how; `fields` then names the algorithm. */
  readonly sign?: (body: Uint8Array) => Uint8Array;
  readonly version?: number;
  /** Behind the others. */
  readonly extensions?: readonly ExtensionOrder[];
  readonly serial?: number;
  /** DER in the place of what belongs there; empty bytes leave a field out. */
  readonly fields?: Partial<Fields>;
}

export interface ExtensionOrder {
  /** In dots. */
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
}

/** The parts of a certificate, in their order; `outerAlgorithm` follows the body. */
export interface Fields {
  readonly version: Uint8Array;
  readonly serial: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly uniqueIds: Uint8Array;
  readonly extensions: Uint8Array;
  readonly outerAlgorithm: Uint8Array;
}

export const hex = (digits: string): Uint8Array => Buffer.from(digits, 'hex');
const oids = {
  commonName: '0603550403',
  basicConstraints: '0603551d13',
  keyUsage: '0603551d0f',
};
const signatures: Record<string, string> = {
  'rsa md5': '300d06092a864886f70d0101040500',
  'rsa sha1': '300d06092a864886f70d0101050500',
  'rsa sha224': '300d06092a864886f70d01010e0500',
  'rsa sha256': '300d06092a864886f70d01010b0500',
  'rsa sha384': '300d06092a864886f70d01010c0500',
  'rsa sha512': '300d06092a864886f70d01010d0500',
  'ec sha1': '300906072a8648ce3d0401',
  'ec sha224': '300a06082a8648ce3d040301',
  'ec sha256': '300a06082a8648ce3d040302',
  'ec sha384': '300a06082a8648ce3d040303',
  'ec sha512': '300a06082a8648ce3d040304',
};

/** A new key: `rsa2048`, or the name of a curve as OpenSSL has it. */
export function newKey(type: string): KeyObject {
  const bits = /^rsa(\d+)$/.exec(type)?.[1];
  if (bits !== undefined) return generateKeyPairSync('rsa', { modulusLength: Number(bits) }).privateKey;
  return generateKeyPairSync('ec', { namedCurve: type }).privateKey;
}

export function certificateDer(order: Order): Uint8Array {
  const { subject, key, issuer = subject, issuerKey = key, hash = 'sha256', version = 3, serial = 1 } = order;
  const { notBefore = new Date('2024-01-01T00:00:00Z'), notAfter = new Date('2044-01-01T00:00:00Z') } = order;
  const algorithm = hex(signatures[`${issuerKey.asymmetricKeyType} ${hash}`] ?? '');
  const own: Fields = {
    version: version > 1 ? derOf(tags.context(0), derOf(tags.integer, Uint8Array.of(version - 1))) : new Uint8Array(),
    serial: derOf(tags.integer, Uint8Array.of(1, serial >> 8, serial & 0xff)),
    algorithm,
    issuer: nameDer(issuer),
    validity: derOf(tags.sequence, timeDer(notBefore), timeDer(notAfter)),
    subject: nameDer(subject),
    publicKey: publicDer(key),
    uniqueIds: new Uint8Array(),
    extensions: extensionsDer(extensionsOf(order)),
    outerAlgorithm: algorithm,
  };
  const { outerAlgorithm, ...fields } = { ...own, ...order.fields };
  const body = derOf(tags.sequence, ...Object.values(fields));
  const signature = order.sign?.(body) ?? sign(hash, body, issuerKey);
  return derOf(tags.sequence, body, outerAlgorithm, derOf(tags.bitString, Uint8Array.of(0), signature));
}

export const certificatePem = (...orders: readonly Order[]): Buffer =>
  Buffer.concat(orders.map((order) => pemOf('CERTIFICATE', certificateDer(order))));

export const keyPem = (key: KeyObject): Buffer => Buffer.from(key.export({ type: 'pkcs8', format: 'pem' }));

const publicDer = (key: KeyObject): Uint8Array => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** The field of extensions; without any, no field. */
export const extensionsDer = (extensions: readonly Uint8Array[]): Uint8Array =>
  extensions.length === 0 ? new Uint8Array() : derOf(tags.context(3), derOf(tags.sequence, ...extensions));

function extensionsOf({ ca, maySign, extensions = [] }: Order): Uint8Array[] {
  const extension = (oid: string, value: Uint8Array) => derOf(tags.sequence, hex(oid), derOf(tags.octetString, value));
  return [
    ...(ca === undefined ? [] : [extension(oids.basicConstraints, hex(ca ? '30030101ff' : '3000'))]),
    ...(maySign === undefined ? [] : [extension(oids.keyUsage, hex(maySign ? '03020106' : '03020780'))]),
    ...extensions.map(({ oid, critical, value }) =>
      derOf(tags.sequence, oidDer(oid), ...(critical ? [hex('0101ff')] : []), derOf(tags.octetString, value)),
    ),
  ];
}

/** `tag`: the type of string. */
export function nameDer(name: string, tag = 0x0c): Uint8Array {
  const pair = derOf(tags.sequence, hex(oids.commonName), derOf(tag, Buffer.from(name)));
  return derOf(tags.sequence, derOf(tags.set, pair));
}

/** An OBJECT IDENTIFIER. */
export function oidDer(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const digits = [number & 0x7f];
    for (let left = number >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return derOf(tags.oid, Uint8Array.from(bytes));
}

/** UTCTime before 2050, as RFC 5280 has it. */
export function timeDer(time: Date): Uint8Array {
  const text = time.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  const year = time.getUTCFullYear();
  const short = year >= 1950 && year < 2050;
  return derOf(short ? tags.utcTime : tags.generalizedTime, Buffer.from(short ? text.slice(2) : text));
}
