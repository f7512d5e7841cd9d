import { replaceKeys } from './mask.ts';

/**
 * A text as it may be shown: a key pasted into a config or a table must not come out again in a report. Masked, one by
 * one so that columns and lines stay, is whatever a PEM block holds between its marks, and what looks like a key in
 * hexadecimal or base64. Linear in the length of the text.
 */
export function withoutKeys(text: string): string {
  // One line may be shown for each of its mistakes.
  if (last.text !== text) last = { text, shown: replaceKeys(withoutPem(text).replace(digits, withoutDigits), masked) };
  return last.shown;
}

let last = { text: '', shown: '' };

/**
 * The bodies of PEM blocks alone. One without an end goes on to the end of the text; one without a begin is known by
 * its length (withoutKeys).
 */
export const withoutPem = (text: string): string =>
  text.replace(
    /(-----BEGIN [A-Z0-9 ]{1,40}-----)([\s\S]*?)(?=-----END |$)/g,
    (_, begin: string, body: string) => begin + masked(body),
  );

/**
 * A stretch of base64 or hexadecimal digits, also as JSON writes them (`\/`, `\u002b`, line breaks as `\n`), or bytes
 * in pairs. The marks of a PEM block are taken first: a blank in them ends no stretch.
 */
const digits =
  /-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----|\b[0-9a-f]{2}(?:[: ][0-9a-f]{2}){15,}\b|(?:[\w+/=-]|\\[nr/]|\\u00[0-9a-f]{2})+/gi;

function withoutDigits(found: string): string {
  if (/^-----(?:BEGIN|END) /.test(found)) return found;
  const end = found.indexOf('-----END');
  if (end >= 0) return masked(found.slice(0, end)) + found.slice(end);
  if (looksLikeKey(found)) return masked(found);
  // Nobody needs more of a long word to find the line.
  return found.length > longestWord ? found.slice(0, longestWord) + masked(found.slice(longestWord)) : found;
}

const longestWord = 60;

/** Hexadecimal from 128 bits on, base64 from 240 bits on: shorter words could as well be names. */
function looksLikeKey(found: string): boolean {
  const word = found.includes('\\') ? found.replace(/\\u00../g, '+').replace(/\\./g, '') : found;
  if (/^(?:0x)?[0-9a-f]{32,}$/i.test(word) || /^[0-9a-f]{2}[: ]/i.test(word)) return true;
  return word.length >= 40 && /[a-z]/.test(word) && /[A-Z]/.test(word) && /[0-9]/.test(word);
}

const masked = (secret: string): string => secret.replace(/\S/g, '*');
