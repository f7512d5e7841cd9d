import { isUtf8 } from 'node:buffer';
import { checkDer } from '../pki/der.ts';
import {
  type ObjectFault,
  type ObjectType,
  objectOfDamagedDer,
  objectOfDer,
  objectOfPart,
  type PkiObject,
} from '../pki/object.ts';
import { decodeBase64 } from '../pki/pem-body.ts';
import { type PemFile, readPemFile } from '../pki/pem-file.ts';
import type { Format } from './format.ts';
import { formats } from './index.ts';

/**
 * What a file is: an object, or the title of an image's format. `mixed`: several kinds of objects, such as a key beside
 * its certificate. `oversize`: see mostBytes.
 */
export type What = ObjectType | 'chain' | 'mixed' | 'text' | 'data' | 'empty' | 'oversize' | Format['title'];

/** A file, by its content alone: never by its name. */
export interface Identified {
  readonly what: What;
  readonly encoding?: 'PEM' | 'DER' | 'base64';
  /** What is in it, in order. */
  readonly objects: readonly PkiObject[];
  /** The text around the blocks, where it is PEM. */
  readonly pem?: PemFile;
  /** Bytes behind a DER structure. */
  readonly trailing?: number;
}

/** The mostBytes flash of these chips: no partition could hold a file beyond it, which is not looked into. */
export const mostBytes = 32 * 1024 * 1024;

/** Tells what bytes are. Linear in their number, and never fails: what is nothing known is `text` or `data`. */
export function identify(bytes: Uint8Array): Identified {
  if (isBlank(bytes)) return { what: 'empty', objects: [] };
  const format = imageFormat(bytes);
  if (format !== undefined) return { what: format.title, objects: [] };
  if (bytes.length > mostBytes) return { what: 'oversize', objects: [] };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = utf16Text(buffer);
  // An NVS page starts with the same two bytes as UTF-16 may.
  if (wide !== undefined && !wide.includes('\uffff') && !wide.includes('\0'))
    return identifyText(wide, 'utf-16') ?? { what: 'text', objects: [] };
  if (bytes[0] === 0x30 && !buffer.includes('-----BEGIN ')) {
    const der = identifyDer(bytes);
    if (der) return der;
  }
  return identifyText(buffer.toString('latin1')) ?? { what: isText(buffer) ? 'text' : 'data', objects: [] };
}

/** Returns the format of which bytes are an image, whole and by themselves. */
export const imageFormat = (bytes: Uint8Array): Format | undefined =>
  Object.values(formats).find((format) => (format.isImage ?? format.recognises)(bytes));

/** Whether a private key is anywhere in a file, encrypted or not, readable or damaged. */
export const holdsPrivateKey = ({ objects }: Identified): boolean => objects.some(({ type }) => type === 'private key');

function identifyText(text: string, fault?: ObjectFault): Identified | undefined {
  const pem = readPemFile(text);
  if (pem.parts.length > 0) {
    const objects = pem.parts.map((part) => objectOfPart(part, fault));
    // Zeros before the first block: an image or dump, rather than a PEM file.
    const isBinary = text.slice(0, pem.parts[0]?.offset).includes('\0');
    return { what: isBinary ? 'data' : whatOf(objects), encoding: 'PEM', objects, pem };
  }
  const object = bareBase64(text, fault);
  return object && { what: object.type, encoding: 'base64', objects: [object] };
}

/** The content of a PEM block without its BEGIN and END lines: what people copy out of a JSON document. */
function bareBase64(text: string, fault: ObjectFault = 'bare-base64'): PkiObject | undefined {
  // The first byte of a SEQUENCE of more than 127 bytes.
  if (!/^\s*MI[A-Za-z0-9+/]{14}/.test(text.slice(0, 200)) || /[^A-Za-z0-9+/=\s\0]/.test(text)) return undefined;
  const decoded = decodeBase64(text.replaceAll('\0', ''));
  const object = decoded.problem ? undefined : objectOfDer(decoded.der);
  return object && { ...object, fault };
}

function identifyDer(bytes: Uint8Array): Identified | undefined {
  const object = objectOfDer(bytes);
  const checked = checkDer(bytes);
  if (object) {
    const trailing = 'top' in checked ? bytes.length - checked.top.end : 0;
    return { what: object.type, encoding: 'DER', objects: [object], trailing: trailing > 0 ? trailing : undefined };
  }
  if ('top' in checked || isText(Buffer.from(bytes))) return undefined;
  const { message, offset } = checked.problem;
  const damaged = objectOfDamagedDer(bytes, message, offset);
  return damaged && { what: damaged.type, encoding: 'DER', objects: [damaged] };
}

function whatOf(objects: readonly PkiObject[]): What {
  // Parameters of a curve precede its key in what `openssl ecparam -genkey` writes.
  const types = [...new Set(objects.map(({ type }) => type))].filter((type) => type !== 'parameters');
  const [first = 'parameters', ...others] = types;
  if (others.length > 0) return 'mixed';
  return first === 'certificate' && objects.length > 1 ? 'chain' : first;
}

/** Nothing but white space, zeros or a byte order mark. */
function isBlank(bytes: Uint8Array): boolean {
  if (bytes.length > mostBytes) return false;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.subarray(start).every((byte) => byte === 0 || byte === 0x20 || (byte >= 9 && byte <= 13));
}

/** The text of UTF-16 with a byte order mark, or of ASCII written in it without one. */
function utf16Text(buffer: Buffer): string | undefined {
  const [first, second] = buffer;
  const even = buffer.subarray(0, buffer.length - (buffer.length % 2));
  if (first === 0xff && second === 0xfe) return even.subarray(2).toString('utf16le');
  if (first === 0xfe && second === 0xff) return Buffer.from(even.subarray(2)).swap16().toString('utf16le');
  if (buffer.subarray(0, 8).toString('latin1') === '-\0-\0-\0-\0') return even.toString('utf16le');
  if (buffer.subarray(0, 8).toString('latin1') === '\0-\0-\0-\0-')
    return Buffer.from(even).swap16().toString('utf16le');
  return undefined;
}

/** The text that blocks are looked for in: one character for each byte, unless it is UTF-16 (`isWide`). */
export function textOfBytes(bytes: Uint8Array): { readonly text: string; readonly isWide: boolean } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = utf16Text(buffer);
  return { text: wide ?? buffer.toString('latin1'), isWide: wide !== undefined };
}

/** Without control characters but those of white space. */
const isText = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 9 && byte <= 13)) && isUtf8(bytes);
