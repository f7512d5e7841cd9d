import { type BodyFault, decodeBody } from './pem-body.ts';

/**
 * Why the firmware's PEM reader (mbedTLS) fails on a block that people and OpenSSL can read:
 * a label it does not look for, its END line in the text before the block (it looks for both from the start), a block
 * before it that has no END line and so goes on to that of this one, or one of the layouts that `pem-body.ts` tells of.
 */
export type PemFault = BodyFault | 'label' | 'nul' | 'early-end' | 'swallowed';

/** Something wrong with a block, and where in the file. Lines and columns count from 1. */
export interface PemProblem {
  readonly message: string;
  readonly offset: number;
  readonly line: number;
  readonly column?: number;
}

/** One block of a PEM file (RFC 7468), as it stands there. */
export interface PemPart {
  /** `CERTIFICATE`, `EC PRIVATE KEY`, … */
  readonly label: string;
  /** Where it starts in the text, and how long it is with its END line. */
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  /** Encrypted by the headers of RFC 1421, as OpenSSL wrote keys before PKCS #8. */
  readonly encrypted: boolean;
  /** What it holds; absent where it cannot be decoded. */
  readonly der?: Uint8Array;
  readonly problem?: PemProblem;
  /** It has no END line. */
  readonly isOpen?: true;
  readonly fault?: PemFault;
}

/** A PEM file: its blocks in order, and what is unusual about the text around them. */
export interface PemFile {
  readonly parts: readonly PemPart[];
  readonly bom: boolean;
  readonly lineEnds: 'LF' | 'CRLF' | 'CR' | 'mixed' | 'none';
  /** There is text before, between or behind the blocks. */
  readonly hasOtherText: boolean;
  readonly finalNewline: boolean;
  /** Ends in a zero byte of its own. */
  readonly trailingNul: boolean;
}

const opening = '-----BEGIN ';
const utf8Bom = '\xef\xbb\xbf';

/** The labels that mbedTLS looks for. */
const knownLabels = new Set([
  'CERTIFICATE',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
]);

/** Returns the blocks of a file. */
export const pemParts = (bytes: Uint8Array): readonly PemPart[] =>
  readPemFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')).parts;

/** Reads a text, one character for each byte (latin1). Linear in its length; without blocks, `parts` is empty. */
export function readPemFile(text: string): PemFile {
  const lineOf = lineCounter(text);
  // The firmware's search for a block ends at the first zero byte.
  const nul = text.indexOf('\0');
  const parts: PemPart[] = [];
  let hasOtherText = false;
  /** The search for certificates has come to its end. */
  let isOver = false;
  /** The label of a block before that has no END line. */
  let open: string | undefined;
  let behind = text.startsWith(utf8Bom) ? utf8Bom.length : 0;
  for (let begin = text.indexOf(opening); begin >= 0; ) {
    const next = text.indexOf(opening, begin + opening.length);
    const limit = next < 0 ? text.length : next;
    const part = partAt(text, begin, limit, lineOf);
    if (part) {
      const before = text.slice(behind, begin);
      hasOtherText ||= isInk(before);
      behind = begin + part.length;
      const isHeaded = part.encrypted && !part.label.endsWith('PRIVATE KEY');
      const isLate: boolean =
        before.includes(`-----END ${part.label}-----`) || (isOver && part.label === 'CERTIFICATE');
      const fault: PemFault | undefined =
        part.fault ??
        (isHeaded ? 'headers' : undefined) ??
        (nul >= 0 && nul < behind ? 'nul' : undefined) ??
        (knownLabels.has(part.label) ? undefined : 'label') ??
        (open === part.label ? 'swallowed' : undefined) ??
        (isLate ? 'early-end' : undefined);
      isOver ||= fault === 'early-end' && part.label === 'CERTIFICATE';
      open = part.isOpen ? part.label : undefined;
      parts.push(fault === undefined ? part : { ...part, fault });
    }
    begin = next;
  }
  return {
    parts,
    bom: text.startsWith(utf8Bom),
    lineEnds: lineEndsOf(text),
    hasOtherText: hasOtherText || isInk(text.slice(behind)),
    finalNewline: /[\r\n]\0*$/.test(text.slice(-16)),
    trailingNul: text.endsWith('\0'),
  };
}

type LineOf = (offset: number) => { line: number; column: number };

/** The block that starts at `begin`; `limit` is where the next one starts, or the end. */
function partAt(text: string, begin: number, limit: number, lineOf: LineOf): PemPart | undefined {
  const labelStart = begin + opening.length;
  const labelEnd = text.indexOf('-----', labelStart);
  if (labelEnd < 0 || labelEnd >= limit) return undefined;
  const label = text.slice(labelStart, labelEnd);
  // Labels are shown to people; whatever else stands there could be a part of a key.
  if (!/^[A-Z0-9 ]{1,40}$/.test(label)) return undefined;
  const { line } = lineOf(begin);
  const closing = `-----END ${label}-----`;
  const rest = text.slice(labelEnd + 5, limit);
  const end = rest.indexOf(closing);
  if (end < 0) {
    const other = /-----END ([A-Z0-9 ]{1,40})-----/.exec(rest);
    const message = other
      ? `the block BEGIN ${label} ends as END ${other[1]}`
      : `the block BEGIN ${label} has no END line: the file is cut off`;
    return {
      label,
      offset: begin,
      length: limit - begin,
      line,
      encrypted: false,
      isOpen: true,
      problem: { message, offset: begin, line },
    };
  }
  const length = labelEnd + 5 + end + closing.length - begin;
  const body = decodeBody(rest.slice(0, end));
  const known = {
    label,
    offset: begin,
    length,
    line,
    encrypted: body.encrypted,
    fault: body.fault,
  };
  if ('der' in body) return { ...known, der: body.der };
  const offset = labelEnd + 5 + body.offset;
  return { ...known, problem: { message: body.message, offset, ...lineOf(offset) } };
}

/** Lines end in LF, CRLF or CR. Offsets must be asked in rising order: so that all together cost one pass. */
function lineCounter(text: string): LineOf {
  let line = 1;
  let lineStart = 0;
  let at = 0;
  return (offset) => {
    for (; at < offset; at++) {
      const code = text.charCodeAt(at);
      if (code !== 10 && (code !== 13 || text.charCodeAt(at + 1) === 10)) continue;
      line++;
      lineStart = at + 1;
    }
    return { line, column: offset - lineStart + 1 };
  };
}

const isInk = (text: string): boolean => /[^\s\0]/.test(text);

function lineEndsOf(text: string): PemFile['lineEnds'] {
  const crlf = text.includes('\r\n');
  const lf = /(?:^|[^\r])\n/.test(text);
  const cr = /\r(?!\n)/.test(text);
  const kinds = [crlf, lf, cr].filter(Boolean).length;
  if (kinds > 1) return 'mixed';
  return crlf ? 'CRLF' : lf ? 'LF' : cr ? 'CR' : 'none';
}
