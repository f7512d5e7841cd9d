import { type PemPart, readPemFile } from '../../src/pki/pem-file.ts';

/** The blocks of a PEM text, each with what it is written as. */
export const pemBlocks = (text: string): (PemPart & { readonly text: string })[] =>
  readPemFile(text).parts.map((part) => ({ ...part, text: text.slice(part.offset, part.offset + part.length) }));
