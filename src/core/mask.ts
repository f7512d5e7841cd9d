import { keyDigits, rememberPieces, stretchesOf } from './keys/base64.ts';
import { hideDigests } from './keys/digest.ts';
import { type Digits, digitsOf } from './keys/digits.ts';
import { hexStretches } from './keys/hex.ts';
import { mayShowKey } from './keys/hint.ts';
import { pemBodies } from './keys/pem.ts';

/** A stretch of a text, in UTF-16 units. */
export type Stretch = readonly [start: number, end: number];

/** A shorter text holds too little of a key. */
const shortest = 16;

/**
 * The stretches of a text in which a private key shows, in their order: PEM or bare base64, whole or in part, also with
 * blanks, line breaks, quotes or escapes between its digits; or a dump in hexadecimal. Certificates, digests and paths
 * are none of these. Linear in the length of the text.
 */
function keyStretches(text: string): Stretch[] {
  if (text.length < shortest || !mayShowKey(text)) return [];
  const digits = readDigits(text);
  const all = [...pemBodies(text), ...hexStretches(text), ...stretchesOf(digits, keyDigits(text, digits))];
  const merged: [number, number][] = [];
  for (const [start, end] of all.sort(([one], [other]) => one - other)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else if (end > start) merged.push([start, end]);
  }
  return merged;
}

function readDigits(text: string): Digits {
  const digits = digitsOf(text);
  hideDigests(text, digits);
  return digits;
}

/** Reads a text of the user, such as a table, for keys: parts of them are then known also where they stand alone. */
export function rememberKeys(text: string): void {
  if (text.length >= shortest && mayShowKey(text)) rememberPieces(text, readDigits(text));
}

/** A text with something else in place of its keys. */
export function replaceKeys(text: string, replacement: (key: string) => string): string {
  let shown = '';
  let at = 0;
  for (const [start, end] of keyStretches(text)) {
    shown += text.slice(at, start) + replacement(text.slice(start, end));
    at = end;
  }
  return at === 0 ? text : shown + text.slice(at);
}

/** A text as it may leave the program. */
export const withoutSecrets = (text: string): string => replaceKeys(text, () => '***');

/** Lines as they may leave the program. A key, or a certificate, may go on over many of them. */
export function linesWithoutSecrets(lines: readonly string[]): string[] {
  const stretches = keyStretches(lines.join('\n'));
  let [start, next] = [0, 0];
  return lines.map((line) => {
    let [shown, at] = ['', 0];
    const length = line.length;
    for (; next < stretches.length; next++) {
      const [from = 0, to = 0] = stretches[next] ?? [];
      if (from >= start + length) break;
      shown += `${line.slice(at, Math.max(at, from - start))}***`;
      at = Math.min(length, to - start);
      // It goes on in the next line.
      if (to > start + length) break;
    }
    start += length + 1;
    return shown + line.slice(at);
  });
}

/** A text of at least this length that a program printed as content is looked for in what it complains of. */
const shortestSecret = 8;
const masked = '[…]';

/**
 * A program's complaint without anything that could be of a key: PEM blocks, whatever looks like base64 or hex, and
 * every line of `secrets`. Rather too much is left out than too little.
 */
export function maskSecrets(text: string, secrets: readonly string[] = []): string {
  const lines = secrets
    .flatMap((secret) => secret.split(/[\r\n]+/))
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestSecret);
  let shown = text.replace(/-----BEGIN [^\0]*?(?:-----END [^-\r\n]*-----|$)/g, masked);
  shown = withoutLines(shown, lines);
  return (
    replaceKeys(shown, () => masked)
      // Pairs of hex digits, as openssl prints numbers, 00:b4:7f, or groups of them, also over several lines.
      .replace(/(?:\b(?:[0-9a-f]{2}){1,4}[: ,\n\r\t]+){7,}(?:[0-9a-f]{2}){1,4}\b/gi, masked)
      .replace(/[A-Za-z0-9+/_-]{16,}={0,2}/g, (word) => (isTelling(word) ? masked : word))
  );
}

/** A text without any of these lines: each is looked up by its first characters, for there may be very many. */
function withoutLines(text: string, lines: readonly string[]): string {
  const known = new Set(lines);
  const lengths = new Map<string, Set<number>>();
  for (const line of known) {
    const start = line.slice(0, shortestSecret);
    lengths.set(start, (lengths.get(start) ?? new Set()).add(line.length));
  }
  let shown = '';
  let from = 0;
  for (let at = 0; at + shortestSecret <= text.length && known.size > 0; at++) {
    const candidates = lengths.get(text.slice(at, at + shortestSecret)) ?? [];
    const found = Math.max(0, ...[...candidates].filter((length) => known.has(text.slice(at, at + length))));
    if (found === 0) continue;
    shown += text.slice(from, at) + masked;
    from = at + found;
    at = from - 1;
  }
  return shown + text.slice(from);
}

/** Whether a long word could be base64 or hex: words and paths have neither digits between letters nor both cases. */
function isTelling(word: string): boolean {
  if (/^[0-9a-f]+$/i.test(word)) return true;
  // A path or a name with dashes is made of short words.
  if (word.split(/[/_-]/).every((part) => part.length < 16 && /^([a-z]+|[A-Z][a-z]*|[A-Z]+|\d*)$/.test(part)))
    return false;
  return /\d/.test(word) || (/[a-z]/.test(word) && /[A-Z]/.test(word)) || word.length >= 40;
}
