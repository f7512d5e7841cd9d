import { digestLengths } from './digest.ts';
import { privateLength } from './private.ts';
import { publicLength, telling } from './public.ts';

type Range = readonly [start: number, end: number];

/** The longest digest that is shown, SHA-256, has so many digits. */
const longestDigest = 64;
/** Digits from which on the first bytes of a private key tell. */
const shortestKey = 32;

/** In one word, as bytes with something between them (`00:b4:7f`, `0x00, 0xb4`), or as xxd groups them. */
const words = /(?<![0-9a-z])(?:0x)?[0-9a-f]{32,}(?![0-9a-z])/gi;
const between = '(?:[ \\t\\r\\n:,;"\'-]|\\\\[nrt]){0,6}(?:0x|\\\\x)?';
const pairs = new RegExp(`(?<![0-9a-z])(?:(?:0x|\\\\x)?[0-9a-f]{2}(?![0-9a-z])${between}){16,}`, 'gi');
const fours = /(?<![0-9a-z])(?:[0-9a-f]{4}(?![0-9a-z])[ \t\r\n:,]{1,3}){8,}/gi;

/** The stretches of a text that are a key in hexadecimal: too long for a digest, or beginning as a private key does. */
export const hexStretches = (text: string): Range[] =>
  [words, pairs, fours].flatMap((form) =>
    Array.from(text.matchAll(form), ({ index, 0: found }): Range => [index, index + found.trimEnd().length]).filter(
      ([start, end]) => isKey(text.slice(start, end)),
    ),
  );

function isKey(found: string): boolean {
  let digits = found.replace(/0x|\\[xnrt]|[^0-9a-f]/gi, '');
  let isPublic = false;
  for (;;) {
    const bytes = publicLength(headOf(digits));
    if (bytes === undefined) break;
    // The certificate may be cut off, and a key follow within the length that it claims.
    if (!isPublic && holdsPrivate(digits)) return true;
    isPublic = true;
    digits = digits.slice(2 * Math.max(1, bytes));
  }
  if (digits.length >= shortestKey && isPrivate(headOf(digits))) return true;
  if (digestLengths.has(digits.length)) return false;
  // A run of one digit, or of numbers, is no key.
  const distinct = new Set(digits.toLowerCase().slice(0, 4 * longestDigest));
  return digits.length > longestDigest && distinct.size >= 8 && /[a-f]/i.test(digits) && /[0-9]/.test(digits);
}

const headOf = (digits: string): Uint8Array => Buffer.from(digits.slice(0, 2 * telling), 'hex');

function holdsPrivate(digits: string): boolean {
  const bytes = Buffer.from(digits, 'hex');
  for (let at = bytes.indexOf(0x30, 6); at >= 0; at = bytes.indexOf(0x30, at + 1))
    if (privateLength(bytes, at) !== undefined) return true;
  return false;
}

/** A SEQUENCE that begins with a version: PKCS#1, PKCS#8, SEC1. */
function isPrivate(head: Uint8Array): boolean {
  const [tag, length = 0] = head;
  const body = length < 0x80 ? 2 : length - 0x80 + 2;
  return tag === 0x30 && body <= 4 && head[body] === 2 && head[body + 1] === 1 && (head[body + 2] ?? 9) <= 3;
}
