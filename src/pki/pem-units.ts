import type { PkiObject } from './object.ts';
import type { PemFile, PemPart } from './pem-file.ts';
import { pemOf } from './to-pem.ts';

/** A block of a PEM file with the text that stands before it, which goes where the block goes. */
export interface PemUnit {
  readonly before: string;
  /** From BEGIN to END. */
  readonly block: string;
  /** The line end behind it; empty where there is none. */
  readonly end: string;
  readonly part: PemPart;
  readonly object: PkiObject;
}

/** A PEM file taken apart: put together again as it is, it is the same text. */
export interface PemUnits {
  readonly bom: string;
  readonly units: readonly PemUnit[];
  /** Text behind the last block. */
  readonly tail: string;
}

/** Tools that put one before every text make several of them. The last of these is what UTF-16 has. */
const marks = /^(?:\xef\xbb\xbf|\ufeff)*/;

export function unitsOf(text: string, { parts }: PemFile, objects: readonly PkiObject[]): PemUnits {
  const units: PemUnit[] = [];
  const bom = marks.exec(text)?.[0] ?? '';
  let at = bom.length;
  for (const [index, part] of parts.entries()) {
    const object = objects[index];
    if (object === undefined) continue;
    const behind = part.offset + part.length;
    const end = /^[ \t]*(?:\r\n|\n|\r)/.exec(text.slice(behind, behind + 100))?.[0] ?? '';
    units.push({ before: text.slice(at, part.offset), block: text.slice(part.offset, behind), end, part, object });
    at = behind + end.length;
  }
  return { bom, units, tail: text.slice(at) };
}

export const textOfUnits = ({ bom, units, tail }: PemUnits): string =>
  bom + units.map(({ before, block, end }) => before + block + end).join('') + tail;

/** The unit with another block in place of its own. */
export function withBlock(unit: PemUnit, label: string, der: Uint8Array): PemUnit {
  const block = Buffer.from(pemOf(label, der)).toString('latin1').trimEnd();
  return { ...unit, block, part: { ...unit.part, label, der, encrypted: false } };
}

/** Without text around the blocks. A NUL at the very end stays: some slots need it there. */
export function stripped({ units, tail }: PemUnits): PemUnits {
  const last = units.length - 1;
  const bare = units.map((unit, index) => ({ ...unit, before: '', end: unit.end || (index < last ? '\n' : '') }));
  return { bom: '', units: bare, tail: nulOf(tail) };
}

/**
 * Lines that end in LF, base64 in lines of 64 characters, no byte order mark. `labelOf` gives the label and DER that
 * belong to a block; none where it has to stay as it is, such as one that is encrypted line by line.
 */
export function canonical(
  { units, tail }: PemUnits,
  labelOf: (unit: PemUnit) => { label: string; der: Uint8Array } | undefined,
): PemUnits {
  const rewritten = units.map((unit) => {
    const content = labelOf(unit);
    const { block } = content ? withBlock(unit, content.label, content.der) : { block: trimmedLines(unit.block) };
    return { ...unit, before: plainLines(unit.before), block, end: '\n' };
  });
  return { bom: '', units: rewritten, tail: plainLines(tail) + nulOf(tail) };
}

const nulOf = (text: string): string => (text.endsWith('\0') ? '\0' : '');

export const trimmedLines = (block: string): string =>
  block
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .join('\n');

/**
 * Text around the blocks. Only ASCII's own white space counts: of UTF-8, each byte is a character here. A NUL and a byte
 * order mark of a file that was put behind another become line ends, since anything else could make a block of what was
 * none.
 */
function plainLines(text: string): string {
  const lines = text.replace(/\r\n?|\0|\xef\xbb\xbf|\ufeff/g, '\n').replace(/^(?:[ \t\v\f]*\n)+/, '');
  // By hand: a pattern that ends in $ would try anew at each of many blanks.
  let end = lines.length;
  while (end > 0 && ' \t\v\f\n'.includes(lines[end - 1] ?? 'x')) end--;
  return end === 0 ? '' : `${lines.slice(0, end)}\n`;
}
