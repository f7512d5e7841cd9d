/**
 * The base64 digits of a text, one after the other, as a key's text is read: across line breaks, blanks, quotes and
 * commas, and whatever JSON, C and URLs write for a character (`\n`, `\/`, `\u002b`, `%2B`).
 */
export interface Digits {
  readonly length: number;
  /** Character codes. */
  readonly codes: Uint8Array;
  /** Where in the text each begins and ends. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** What lies before each: nothing, what may part the pieces of a key, or something else. */
  readonly gap: Uint8Array;
}

export const noGap = 0;
export const softGap = 1;
export const hardGap = 2;

/** Escapes of one character: at most four backslashes, and `%25` for `%` up to three times, as nesting makes them. */
const escapes =
  /\\{1,4}(?:u00([0-9a-f]{2})|x([0-9a-f]{2})|([nrt0/"']))|%(?:25){0,3}([0-9a-f]{2})|&#(?:x([0-9a-f]{2})|([0-9]{2,3}));/iy;
const namedEscapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, 0: 0 };

export function digitsOf(text: string): Digits {
  const codes = new Uint8Array(text.length);
  const from = new Uint32Array(text.length);
  const to = new Uint32Array(text.length);
  const gap = new Uint8Array(text.length);
  let length = 0;
  let before: number = hardGap;
  for (let at = 0; at < text.length; ) {
    const raw = text.charCodeAt(at);
    const written = raw === backslash || raw === percent || raw === ampersand ? escapeAt(text, at) : undefined;
    const code = written?.code ?? raw;
    const end = written?.end ?? at + 1;
    if (isDigit(code) && !(code === dash && isDash(text, at))) {
      codes[length] = code;
      from[length] = at;
      to[length] = end;
      gap[length] = before;
      length++;
      before = noGap;
    } else before = Math.max(before, isSoft(code) ? softGap : hardGap);
    at = end;
  }
  return { length, codes, from, to, gap };
}

const [ampersand, backslash, dash, percent, slash] = [0x26, 0x5c, 0x2d, 0x25, 0x2f];

function escapeAt(text: string, at: number): { readonly code: number; readonly end: number } | undefined {
  escapes.lastIndex = at;
  const found = escapes.exec(text);
  if (found === null) return undefined;
  const [whole, unicode, byte, name, encoded, entity, decimal] = found;
  const hex = unicode ?? byte ?? encoded ?? entity;
  const named = name === undefined ? undefined : (namedEscapes[name.toLowerCase()] ?? name.charCodeAt(0));
  const code = hex !== undefined ? Number.parseInt(hex, 16) : (named ?? Number(decimal));
  return { code, end: at + whole.length };
}

/** One beside another is a mark of PEM or a rule, a single one is a digit of base64 for URLs. */
const isDash = (text: string, at: number): boolean =>
  text.charCodeAt(at + 1) === dash || text.charCodeAt(at - 1) === dash;

export const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;
export const isLower = (code: number): boolean => code >= 0x61 && code <= 0x7a;
export const isDecimal = (code: number): boolean => code >= 0x30 && code <= 0x39;
/** The digits that paths and names have between their words. */
export const isJoint = (code: number): boolean => code === dash || code === 0x5f || code === slash;

const isDigit = (code: number): boolean =>
  isUpper(code) || isLower(code) || isDecimal(code) || isJoint(code) || code === 0x2b;

/** Blanks, control characters and marks without width; quotes, commas, a stroke, padding, a lone backslash. */
const isSoft = (code: number): boolean =>
  code <= 0x20 ||
  (code >= 0x7f && code <= 0xa0) ||
  softCodes.has(code) ||
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x2028 && code <= 0x202f) ||
  (code >= 0x2060 && code <= 0x2069);

const softCodes = new Set([...'"\'`,;|│=\\\u00ad\ufeff'].map((character) => character.charCodeAt(0)));
