import { knowsParts } from './known.ts';

/*
 * Most texts hold nothing that could be of a key, and a program that has just started takes milliseconds to look closely
 * at one. These tests are each weaker than what they stand for: where none of them hits, no key is found. Each is linear
 * in the length of the text.
 */

/** Returns false only for a text that shows no key: it need not be searched. */
export const mayShowKey = (text: string): boolean =>
  knowsParts() || hints.some((hint) => hint.test(text)) || mayBeSpread(text);

const digit = '[A-Za-z0-9+/_-]';
/** Character between two digits of a key: any but digits and the signs that never occur there. */
const gap = '[^A-Za-z0-9+/_.:()[\\]{}<>-]';
/** Characters between two hexadecimal digits. */
const hexGap = '[xX \\t\\r\\n:,;"\'-]*';

const hints: readonly RegExp[] = [
  // Marks of PEM, the exponents of base64.ts, and the escapes of digits.ts, which may be any digit.
  /PRIVATE KEY-----|AgMBAAE|IDAQAB|CAwEAA|\\[uxnrt0/"']|%[0-9a-f]|&#/i,
  // All measures of base64.ts for a piece without gaps: 16 digits or more, of which 3 are upper case and 1 is decimal.
  new RegExp(`(?<!${digit})(?=${digit}{16})(?=[A-Za-z+/_-]*[0-9])(?:[a-z0-9+/_-]*[A-Z]){3}`),
  // As hex.ts: 32 digits or more that begin with 30, as each SEQUENCE of DER does, or more than the longest digest has.
  new RegExp(`30${hexGap}(?:[0-9a-f]${hexGap}){30}|(?:[0-9a-f]${hexGap}){65}`, 'i'),
  // As private.ts: 30, a length of 32 or more, or one of two or three bytes that begins with 81 or 82; then 02 or 30.
  new RegExp(['M', '(?:I', '[E-L]|[C-H]', '[AEIMQUYcgkosw048]', '[Cw])'].join(`${gap}*`)),
];

const gaps = new RegExp(`${gap}+`, 'g');
const [window, leastUpper, twoDecimals] = [40, 8, /[0-9].*[0-9]/s];

/** The measure of base64.ts for digits with gaps: among 40 digits, 8 are upper case and 2 are decimal. */
function mayBeSpread(text: string): boolean {
  const dense = text.replace(gaps, '');
  const uppers: number[] = [];
  for (const { index } of dense.matchAll(/[A-Z]/g)) {
    uppers.push(index);
    if (uppers.length < leastUpper) continue;
    const first = uppers.shift() ?? 0;
    if (index - first >= window) continue;
    if (twoDecimals.test(dense.slice(Math.max(0, index - window + 1), first + window))) return true;
  }
  return false;
}
