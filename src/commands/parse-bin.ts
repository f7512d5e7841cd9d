import { join, resolve } from 'node:path';
import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { replaceFile } from '../files/write-file.ts';
import { atpki } from '../formats/atpki/format.ts';
import type { DecodedItem } from '../formats/format.ts';
import { readFile } from '../formats/input.ts';
import { holdsPrivateKey } from '../pki/private-key.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Command } from './command.ts';
import { binFile } from './generate-bin.ts';
import { writeFailed } from './write-failed.ts';

export const parseBin: Command = {
  name: 'parse_bin',
  summary: 'Unpack a PKI bin, as AtPKI.py means to',
  usage: ['parse_bin [-b FILE] [-o DIR]'],
  about: [
    'Writes ca/ca_0.cer, cert/cert_0.cer, key/key_0.key and so on. A bin that is damaged anywhere is refused as a',
    'whole. (The loop of AtPKI.py never runs, so that it fails on every good bin.)',
  ].join('\n'),
  standalone: true,
  options: {
    bin_file: binFile,
    output_path: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      help: 'The folder to write to (default: the current one)',
    },
  },
  words: { min: 0, max: 0 },
  examples: [['at-pki parse_bin -b client_cert.bin -o out', 'out/cert/cert_0.cer and so on']],
  async run(args, context) {
    const { cwd } = context;
    const diagnostics = unpack(args.text('bin_file') ?? 'PKI.bin', args.text('output_path') ?? '.', cwd);
    return present({ command: 'parse_bin', cwd, fields: {}, lines: [], diagnostics }, choiceOf(args, context), context);
  },
};

function unpack(bin: string, folder: string, cwd: string): Diagnostic[] {
  const content = readFile(cwd, bin);
  if (!content.ok) return [content.error];
  const place = { file: resolve(cwd, bin) };
  const decoded = atpki.decode(content.value);
  if (!decoded.ok) {
    const { message, offset } = decoded.error;
    return [diagnostic('image-broken', `${bin}: ${message} (at offset ${hex(offset)})`, { place })];
  }
  const diagnostics: Diagnostic[] = [];
  for (const { item, name } of named(decoded.value)) {
    if (name !== fileName(item)) {
      const message = `${bin} holds a second ${item.kind} with ID ${item.id}; it is written as ${name}`;
      diagnostics.push(diagnostic('item-repeated', message, { place }));
    }
    const secret = item.kind === 'key' || holdsPrivateKey(item.bytes);
    const within = resolve(cwd, folder);
    const written = replaceFile(join(within, name), item.bytes, { secret, within });
    if (!written.ok) return [...diagnostics, writeFailed(written.error)];
  }
  return diagnostics;
}

const fileName = ({ kind, id }: DecodedItem): string => join(kind, `${kind}_${id}.${kind === 'key' ? 'key' : 'cer'}`);

/** The names that AtPKI.py gives; where an ID stands twice, the second takes a number beyond all others: no item is lost. */
function named(items: readonly DecodedItem[]): { item: DecodedItem; name: string }[] {
  const taken = new Set<string>();
  let beyond = 256;
  return items.map((item) => {
    const name = taken.has(fileName(item)) ? fileName({ ...item, id: beyond++ }) : fileName(item);
    taken.add(name);
    return { item, name };
  });
}
