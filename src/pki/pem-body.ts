/**
 * How a block is laid out that mbedTLS does not read (library/pem.c and base64.c): it wants a line end right behind the
 * BEGIN line, lines that end in LF or CRLF, and no space but at the end of a line. The length of lines is free.
 */
export type BodyFault = 'one-line' | 'cr-only' | 'indented' | 'spaces' | 'escaped' | 'headers';

/** The content of a block; or what is wrong with it, `offset` characters behind the BEGIN line. */
export type Body = { readonly encrypted: boolean; readonly fault?: BodyFault } & (
  | { readonly der: Uint8Array }
  | { readonly message: string; readonly offset: number }
);

/** Decodes what stands between BEGIN and END, as tolerantly as it can be read at all. */
export function decodeBody(text: string): Body {
  const usual = decodeUsual(text);
  if (usual) return { encrypted: false, der: usual };
  const { start, encrypted, fault: headerFault } = skipHeaders(text);
  const early = headFault(text) ?? headerFault;
  const { der, fault: late, problem } = decodeBase64(text, start);
  const fault = early ?? late;
  const known = { encrypted, fault };
  return problem ? { ...known, ...problem } : { ...known, der };
}

/** The layout that nearly all files have, at a fifth of the time: a line end, then full lines of base64. */
function decodeUsual(text: string): Uint8Array | undefined {
  if (!/^\r?\n(?:[A-Za-z0-9+/]+\r?\n)*[A-Za-z0-9+/]+={0,2}\r?\n$/.test(text)) return undefined;
  const base64 = text.replace(/[\r\n]+/g, '');
  return base64.length % 4 === 0 ? Buffer.from(base64, 'base64') : undefined;
}

/** What must follow the BEGIN line: at most one space, then LF or CRLF. */
function headFault(text: string): BodyFault | undefined {
  const head = /^ ?(\r?\n)?/.exec(text);
  if (head?.[1] !== undefined) return undefined;
  const rest = text.slice(head?.[0].length);
  if (rest.startsWith('\\')) return 'escaped';
  if (rest.startsWith('\r')) return 'cr-only';
  return /^[ \t]*[\r\n]/.test(rest.slice(0, 200)) ? 'spaces' : 'one-line';
}

/** Headers of RFC 1421, up to an empty line: `Proc-Type: 4,ENCRYPTED` and its like. */
function skipHeaders(text: string): { start: number; encrypted: boolean; fault?: BodyFault } {
  const first = /^[ \t]*(?:\r\n|\r|\n)[ \t]*[A-Za-z-]{1,40}:/.exec(text.slice(0, 200));
  if (!first) return { start: 0, encrypted: false };
  const blank = /(?:\r\n[ \t]*\r\n|\n[ \t]*\n|\r[ \t]*\r)/.exec(text);
  const start = blank ? blank.index + blank[0].length : text.length;
  const encrypted = text.slice(0, start).includes('Proc-Type: 4,ENCRYPTED');
  return encrypted ? { start, encrypted } : { start, encrypted, fault: 'headers' };
}

const values = new Int8Array(256).fill(-1);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  values[character.charCodeAt(0)] = value;
}

const code = { tab: 9, lf: 10, cr: 13, space: 32, equals: 61, backslash: 92 };

interface Decoded {
  readonly der: Uint8Array;
  readonly fault?: BodyFault;
  readonly problem?: { readonly message: string; readonly offset: number };
}

/** Base64 with anything that could pass for a line end or an indentation between its characters. */
export function decodeBase64(text: string, start = 0): Decoded {
  const der = new Uint8Array(Math.ceil(((text.length - start) * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  let padding = 0;
  let fault: BodyFault | undefined;
  let lineStart = true;
  let spaces = false;
  const result = (problem?: Decoded['problem']): Decoded => {
    return { der: der.subarray(0, length), fault, problem };
  };
  for (let at = start; at < text.length; at++) {
    const character = text.charCodeAt(at);
    const value = values[character] ?? -1;
    if (value >= 0 || character === code.equals) {
      if (spaces) fault ??= lineStart ? 'indented' : 'spaces';
      spaces = false;
      lineStart = false;
    }
    if (value >= 0) {
      if (padding > 0) return result({ message: 'the base64 goes on behind its padding', offset: at });
      bits = (bits << 6) | value;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      der[length++] = (bits >> held) & 0xff;
      bits &= (1 << held) - 1;
    } else if (character === code.equals) {
      padding++;
      if (padding > 2) return result({ message: 'the base64 has too much padding', offset: at });
    } else if (character === code.space || character === code.tab) {
      spaces = true;
      if (character === code.tab) fault ??= lineStart ? 'indented' : 'spaces';
    } else if (character === code.lf || character === code.cr) {
      if (character === code.cr && text.charCodeAt(at + 1) !== code.lf) fault ??= 'cr-only';
      lineStart = true;
      spaces = false;
    } else if (character === code.backslash && /[nr]/.test(text[at + 1] ?? '')) {
      fault ??= 'escaped';
      at++;
    } else {
      return result({ message: `${shownCharacter(character)} is no base64`, offset: at });
    }
  }
  // mbedTLS takes more padding than is needed.
  if (held / 2 > padding) {
    return result({ message: 'the base64 is cut off: characters are missing', offset: text.length });
  }
  return result();
}

/** A character that is not of base64 tells nothing of a key. */
const shownCharacter = (character: number): string =>
  character > 0x20 && character < 0x7f
    ? `the character ${String.fromCharCode(character)}`
    : `the byte 0x${character.toString(16).padStart(2, '0')}`;
