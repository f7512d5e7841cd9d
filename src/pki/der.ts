/*
 * DER (X.690), as far as certificates and keys use it: tags of one byte, definite lengths in their shortest form.
 * `checkDer` walks a structure once, in linear time and without recursion; after it, navigating by `childrenOf` meets
 * no malformed element any more, only ones of another shape than expected.
 */

/** One element: positions in the bytes that it was read from. */
export interface DerElement {
  readonly tag: number;
  /** Where its tag stands. */
  readonly start: number;
  /** Where its content starts. */
  readonly content: number;
  /** The first byte behind it. */
  readonly end: number;
}

export interface DerProblem {
  readonly message: string;
  /** Bytes from the start of the structure. */
  readonly offset: number;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
  /** Context-specific and constructed: `[0]`, `[1]`, … */
  context: (number: number): number => 0xa0 + number,
} as const;

/** Deeper than any certificate nests; a bound for what is hostile. */
const deepest = 64;
const constructed = 0x20;

/** Reads the element at `at`, which must end by `limit`. */
function readElement(bytes: Uint8Array, at: number, limit: number): DerElement | DerProblem {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit)
    return { message: 'ends within an element', offset: at };
  if ((tag & 0x1f) === 0x1f) return { message: 'has a tag of several bytes', offset: at };
  if (first < 0x80) return bounded({ tag, start: at, content: at + 2, end: at + 2 + first }, limit);
  if (first === 0x80) return { message: 'has an element without a length (BER, not DER)', offset: at };
  const lengthBytes = first - 0x80;
  const content = at + 2 + lengthBytes;
  if (lengthBytes > 4) return { message: 'has a length of more than four bytes', offset: at };
  if (content > limit) return { message: 'ends within an element', offset: at };
  let length = 0;
  for (let index = at + 2; index < content; index++) length = length * 256 + (bytes[index] ?? 0);
  if (length < 0x80 || length < 256 ** (lengthBytes - 1)) {
    return { message: 'has a length that is not in its shortest form (BER, not DER)', offset: at };
  }
  return bounded({ tag, start: at, content, end: content + length }, limit);
}

function bounded(element: DerElement, limit: number): DerElement | DerProblem {
  if (element.end <= limit) return element;
  const said = element.end - element.content;
  const there = Math.max(0, limit - element.content);
  return { message: `has an element of ${said} bytes with ${there} left for it`, offset: element.start };
}

const isProblem = (one: DerElement | DerProblem): one is DerProblem => 'message' in one;

/** Checks the structure that bytes start with, all the way down. What follows it is the caller's business. */
export function checkDer(bytes: Uint8Array): { readonly top: DerElement } | { readonly problem: DerProblem } {
  const top = readElement(bytes, 0, bytes.length);
  if (isProblem(top)) return { problem: top };
  const ends: number[] = [];
  let at = 0;
  let limit = top.end;
  while (at < top.end) {
    const element = readElement(bytes, at, limit);
    if (isProblem(element)) return { problem: element };
    at = element.end;
    if (element.tag & constructed) {
      if (ends.length >= deepest) return { problem: { message: 'nests too deeply', offset: element.start } };
      ends.push(limit);
      at = element.content;
      limit = element.end;
    }
    while (at === limit && ends.length > 0) limit = ends.pop() ?? limit;
  }
  return { top };
}

/** More than any structure here has; a revocation list may have more, and nobody asks for its entries. */
const mostChildren = 1000;

/** The elements inside a constructed one, the first thousand; none where it is not one, or is malformed. */
export function childrenOf(bytes: Uint8Array, parent: DerElement | undefined): DerElement[] {
  if (parent === undefined || (parent.tag & constructed) === 0) return [];
  const children: DerElement[] = [];
  for (let at = parent.content; at < parent.end && children.length < mostChildren; ) {
    const child = readElement(bytes, at, parent.end);
    if (isProblem(child)) return [];
    children.push(child);
    at = child.end;
  }
  return children;
}

/** The structure inside an element's content, e.g. in the OCTET STRING of an extension. */
export function elementWithin(bytes: Uint8Array, element: DerElement | undefined): DerElement | undefined {
  if (element === undefined) return undefined;
  const inner = readElement(bytes, element.content, element.end);
  return isProblem(inner) ? undefined : inner;
}

/** The bytes of an element's content. */
export const contentOf = (bytes: Uint8Array, element: DerElement): Uint8Array =>
  bytes.subarray(element.content, element.end);

/** The bytes of an element, its tag and length included. */
export const rawOf = (bytes: Uint8Array, element: DerElement): Uint8Array => bytes.subarray(element.start, element.end);

/** Hex digits of bytes. */
export const hexDigits = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** The magnitude of an INTEGER without its leading zero. */
export function magnitude(bytes: Uint8Array, element: DerElement): Uint8Array {
  const content = contentOf(bytes, element);
  const first = content.findIndex((byte) => byte !== 0);
  return first < 0 ? content.subarray(0, 0) : content.subarray(first);
}

/** A small INTEGER; undefined where it is none, negative, or of more than four bytes. */
export function smallInteger(bytes: Uint8Array, element: DerElement | undefined): number | undefined {
  if (element?.tag !== tags.integer) return undefined;
  const content = contentOf(bytes, element);
  if (content.length === 0 || content.length > 4 || (content[0] ?? 0) >= 0x80) return undefined;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** Bits of a big-endian number, as sizes of keys are counted. */
export const bitLength = (number: Uint8Array): number =>
  number.length === 0 ? 0 : number.length * 8 - Math.clz32(number[0] ?? 0) + 24;

/** Bytes. Real ones have about ten. */
const longestOid = 64;

/** An OBJECT IDENTIFIER in dots; empty where the element is none. */
export function oidText(bytes: Uint8Array, element: DerElement | undefined): string {
  if (element?.tag !== tags.oid || element.end - element.content > longestOid) return '';
  const numbers: number[] = [];
  let value = 0;
  for (const byte of contentOf(bytes, element)) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (numbers.length > 0) numbers.push(value);
    else numbers.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    value = 0;
  }
  return numbers.join('.');
}

/** The content of a BIT STRING that fills whole bytes. */
export function bitString(bytes: Uint8Array, element: DerElement | undefined): Uint8Array | undefined {
  if (element?.tag !== tags.bitString || bytes[element.content] !== 0) return undefined;
  return bytes.subarray(element.content + 1, element.end);
}

/** Writes one element around content: for the few structures that are made here. */
export function derOf(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const lengthBytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthBytes.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 + lengthBytes.length, ...lengthBytes];
  const whole = new Uint8Array(head.length + length);
  whole.set(head);
  let at = head.length;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
