import { derOf, tags } from '../../src/pki/der.ts';
import { oidDer } from '../support/certificate.ts';

// Writers of the DER that no library makes: right and wrong structures alike.

export const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** An OBJECT IDENTIFIER written in dots. */
export const oid = oidDer;

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => derOf(tags.sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]): Uint8Array => derOf(tags.set, ...parts);
export const octets = (...parts: readonly Uint8Array[]): Uint8Array => derOf(tags.octetString, ...parts);
export const bits = (unused: number, ...bytes: readonly number[]): Uint8Array =>
  derOf(tags.bitString, Uint8Array.of(unused, ...bytes));
export const context = (number: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  derOf(tags.context(number), ...parts);
export const nothing: Uint8Array = new Uint8Array();
export const nullValue = hex('0500');

/** An INTEGER that is not negative. */
export function integer(value: bigint | number): Uint8Array {
  const digits = value.toString(16);
  const magnitude = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return derOf(tags.integer, (magnitude[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), magnitude]) : magnitude);
}

/** A string of any type around text as it is given: in Latin-1. */
export const text = (tag: number, content: string): Uint8Array => derOf(tag, Buffer.from(content, 'latin1'));

export const utf8 = (content: string): Uint8Array => derOf(0x0c, Buffer.from(content));

/** An extension; `critical` is left out where it is false, as DER wants it. */
export const extension = (dots: string, value: Uint8Array, critical = false): Uint8Array =>
  sequence(oid(dots), critical ? hex('0101ff') : nothing, octets(value));

export const extensionIds = {
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extKeyUsage: '2.5.29.37',
  subjectAltName: '2.5.29.17',
  subjectKeyId: '2.5.29.14',
  authorityKeyId: '2.5.29.35',
  certificatePolicies: '2.5.29.32',
} as const;

export const purposes = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  code: '1.3.6.1.5.5.7.3.3',
  email: '1.3.6.1.5.5.7.3.4',
  any: '2.5.29.37.0',
  vendor: '1.3.6.1.4.1.99999.2',
} as const;

export const extKeyUsage = (...names: readonly (keyof typeof purposes)[]): Uint8Array =>
  extension(extensionIds.extKeyUsage, sequence(...names.map((name) => oid(purposes[name]))));

/** RFC 5280, 4.2.1.3. */
export const usages = {
  digitalSignature: 0x80,
  nonRepudiation: 0x40,
  keyEncipherment: 0x20,
  keyAgreement: 0x08,
  keyCertSign: 0x04,
  cRLSign: 0x02,
} as const;

export function keyUsage(...names: readonly (keyof typeof usages)[]): Uint8Array {
  const value = names.reduce((sum, name) => sum | usages[name], 0);
  // DER leaves zeros at the end out: position of the lowest bit that is set.
  return extension(extensionIds.keyUsage, bits(31 - Math.clz32(value & -value), value), true);
}

/** CA:TRUE, with a limit of the CAs below it or without. */
export const basicConstraints = (isCa: boolean, pathLength?: number): Uint8Array =>
  extension(
    extensionIds.basicConstraints,
    sequence(isCa ? hex('0101ff') : nothing, pathLength === undefined ? nothing : integer(pathLength)),
    true,
  );

/** A name of one attribute, the common name unless said otherwise. */
export const nameOf = (value: Uint8Array, attribute = '2.5.4.3'): Uint8Array =>
  sequence(set(sequence(oid(attribute), value)));
