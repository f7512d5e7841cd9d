import { isDash, isDecimal, isDigit, isLower, isSoft, isUpper } from './digits.ts';
import { knowsParts } from './known.ts';

/*
 * Most texts hold nothing that could be of a key, and a program that has just started takes milliseconds to look closely
 * at one. These tests are each weaker than what they stand for: where none of them hits, no key is found.
 */

/** Whether a text is worth looking at for keys: false only where it shows none. Linear in its length. */
export const mayShowKey = (text: string): boolean =>
  knowsParts() || telling.test(text) || sequence.test(text) || mayBeHex(text) || mayBeBase64(text);

/** Marks of PEM, the exponents of base64.ts, and the escapes of digits.ts, which may be any digit. */
const telling = /PRIVATE KEY-----|AgMBAAE|IDAQAB|CAwEAA|\\[uxnrt0/"']|%[0-9a-f]|&#/i;

/** What may be between two digits of a key: anything but digits, and signs that are never there. */
const gap = '[^A-Za-z0-9+/_.:()[\\]{}<>-]*';
/**
 * The first digits of a private key in DER, as private.ts reads it: 30, a length of 32 or more, and 02 or 30. A length
 * of two or three bytes begins with 81 or 82.
 */
const sequence = new RegExp(['M', '(?:I', '[E-L]|[C-H]', '[AEIMQUYcgkosw048]', '[Cw])'].join(gap));

/** Digits of hex.ts: of a key, which begins with 30 as each SEQUENCE does, and of the longest digest. */
const [shortestHex, longestDigest] = [32, 64];
const hexGaps = 'xX \t\r\n:,;"\'-';

function mayBeHex(text: string): boolean {
  let digits = 0;
  let hasSequence = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = code | 0x20;
    if (isDecimal(code) || (letter >= 0x61 && letter <= 0x66)) {
      digits++;
      hasSequence ||= code === 0x30 && text.charCodeAt(at - 1) === 0x33;
      if (digits > longestDigest || (hasSequence && digits >= shortestHex)) return true;
    } else if (digits > 0 && !hexGaps.includes(text.charAt(at))) {
      digits = 0;
      hasSequence = false;
    }
  }
  return false;
}

/** All measures of base64.ts for a piece without gaps ask for as much. */
const piece = { width: 16, upper: 3, lower: 3, decimal: 1 };
/** Its measure for digits with soft gaps between them asks for as much. */
const spread = { width: 40, upper: 8, decimal: 2 };
const dash = 0x2d;

function mayBeBase64(text: string): boolean {
  const [uppers, decimals] = [new Recent(spread.upper), new Recent(spread.decimal)];
  // Counts the digits. A hard gap is as wide as a window: what is before it does not count.
  let position = 0;
  let [width, upper, lower, decimal] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) || (code === dash && isDash(text, at))) {
      width = upper = lower = decimal = 0;
      if (!isSoft(code)) position += spread.width;
      continue;
    }
    position++;
    width++;
    if (isLower(code)) lower++;
    else if (isUpper(code)) {
      upper++;
      uppers.add(position);
    } else if (isDecimal(code)) {
      decimal++;
      decimals.add(position);
    }
    if (width >= piece.width && upper >= piece.upper && lower >= piece.lower && decimal >= piece.decimal) return true;
    const start = position - spread.width;
    if (uppers.first > start && decimals.first > start) return true;
  }
  return false;
}

/** The numbers of the last few digits of a kind. */
class Recent {
  readonly #numbers: number[];
  #next = 0;
  constructor(size: number) {
    this.#numbers = new Array(size).fill(Number.NEGATIVE_INFINITY);
  }
  add(number: number): void {
    this.#numbers[this.#next] = number;
    this.#next = (this.#next + 1) % this.#numbers.length;
  }
  get first(): number {
    return this.#numbers[this.#next] ?? Number.NEGATIVE_INFINITY;
  }
}
