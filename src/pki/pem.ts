/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** `CERTIFICATE`, `EC PRIVATE KEY`, … */
  readonly label: string;
  /** With its BEGIN and END lines. */
  readonly text: string;
  /** Its END line is missing; the text goes up to the next block or the end of the file. */
  readonly cut?: true;
}

const opening = '-----BEGIN ';

/** The blocks of a PEM text, in order; whatever stands between them is passed over. Linear in its length. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let begin = text.indexOf(opening);
  while (begin >= 0) {
    const next = text.indexOf(opening, begin + opening.length);
    const part = text.slice(begin, next < 0 ? text.length : next);
    const block = blockIn(part);
    if (block) blocks.push(block);
    begin = next;
  }
  return blocks;
}

/** The block that a text starts with. */
function blockIn(text: string): PemBlock | undefined {
  const labelEnd = text.indexOf('-----', opening.length);
  if (labelEnd < 0) return undefined;
  const label = text.slice(opening.length, labelEnd);
  // Labels are shown to people; whatever else stands there could be a part of a key.
  if (!/^[A-Z0-9 ]{1,40}$/.test(label)) return undefined;
  const closing = `-----END ${label}-----`;
  const end = text.indexOf(closing, labelEnd);
  return end < 0 ? { label, text, cut: true } : { label, text: text.slice(0, end + closing.length) };
}
