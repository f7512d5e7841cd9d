import { generateKeyPairSync } from 'node:crypto';

/** A private key in PEM that no other test has. */
export const markedKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

/** A key without its marks, on one line. */
export const bare = (pem: string): string => pem.replace(/-----[^-]*-----|\s/g, '');

/** Digits in a row that show a key: fewer may be a name. */
const telling = 16;
/** The first digits are the same in many keys. */
const common = 52;

/** The first digits of a key that show in a text, whatever stands between them; empty where none do. */
export function leakIn(text: string, pem: string): string {
  const shown = plain(text);
  const pieces = piecesOf(pem);
  for (let at = 0; at + telling <= shown.length; at++) {
    const piece = shown.slice(at, at + telling);
    if (pieces.has(piece)) return piece;
  }
  return '';
}

/** By key: tests look for the same one in very many texts. */
const known = new Map<string, ReadonlySet<string>>();

function piecesOf(pem: string): ReadonlySet<string> {
  const before = known.get(pem);
  if (before !== undefined) return before;
  const key = plain(bare(pem)).slice(common);
  const pieces = new Set(Array.from({ length: key.length - telling + 1 }, (_, at) => key.slice(at, at + telling)));
  known.set(pem, pieces);
  return pieces;
}

const plain = (text: string): string =>
  text
    .replace(/\\u([0-9a-f]{4})|%(2b|2f|3d)/gi, (_, unit?: string, byte?: string) =>
      String.fromCharCode(Number.parseInt(unit ?? byte ?? '', 16)),
    )
    .replace(/\\x0[9ad]|\\[nrt]|%0[AD]|\s|\\(?=\/)/gi, '');

/** A name that starts a command of a CI runner on a line of its own, clears a terminal and turns its direction. */
export const hostileName = 'n\n::set-output name=x::y\r##[group]z\u001b[2J\u009b\u202eend';

/** What of a text a terminal or a CI runner would take as its own; empty where nothing is. */
export function injectionIn(text: string, isCommands = false): string {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
  const allowed = isCommands ? /^(?:::(?:error|warning|notice) |$)/ : /^(?!\s*(?:::|##\[))/;
  const command = lines.find((line) => !allowed.test(line));
  const raw = /(?![\t\n])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.exec(text);
  return command ?? (raw === null ? '' : JSON.stringify(text.slice(Math.max(0, raw.index - 30), raw.index + 30)));
}
