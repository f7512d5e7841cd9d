import { join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { count } from '../core/text.ts';
import type { DecodedItem } from '../formats/format.ts';
import { whatIsInTheWay, writeFiles } from '../output/write-files.ts';
import { pemBlocks } from '../pki/pem.ts';
import { holdsPrivateKey } from '../pki/private-key.ts';
import { readImage } from '../plan/read-image.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Command } from './command.ts';
import { extractNvs } from './nvs/extract.ts';
import { partOptions } from './nvs/options.ts';

export const extract: Command = {
  name: 'extract',
  summary: 'Take the files back out of an image',
  usage: ['extract FILE -o DIR [options]'],
  about: [
    'Writes ca_00.crt, cert_00.crt, key_00.key and so on: names that keep their order when built again. Of an NVS',
    'image it writes NAMESPACE/KEY.crt and its like, and nvs.csv: at-pki nvs generate makes the image of it again.',
  ].join('\n'),
  options: {
    ...partOptions,
    output: { type: 'string', short: 'o', value: 'DIR', help: 'The folder to write to; made if missing' },
    force: { type: 'boolean', short: 'f', help: 'Replace files that exist' },
  },
  words: { min: 1, max: 1 },
  examples: [
    ['at-pki extract client_ca.bin -o client_ca', 'one file for each item'],
    ['at-pki extract dump.bin -o keys --force', 'over what is there'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const [name = ''] = args.words;
    const folder = args.text('output');
    const { files, diagnostics } =
      folder === undefined
        ? noFolder()
        : (extractNvs(args, folder, cwd) ?? unpack(name, folder, args.flag('force'), cwd));
    const lines = files.length > 0 ? [`${count(files.length, 'file')} written to ${folder}`] : [];
    const document = { command: 'extract', cwd, fields: { file: name, files }, lines, diagnostics };
    return present(document, choiceOf(args, context), context);
  },
};

interface Unpacked {
  /** As they were named, below the folder. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

function noFolder(): Unpacked {
  const usage = diagnostic('usage', 'extract needs a folder to write to', { hint: 'add -o DIR' });
  return { files: [], diagnostics: [usage] };
}

/** Writes all or, if anything stands in the way, nothing. */
function unpack(name: string, folder: string, force: boolean, cwd: string): Unpacked {
  const image = readImage(cwd, name);
  if (!image.ok) return { files: [], diagnostics: [image.error] };
  const { items } = image.value;
  const names = fileNames(items).map((file) => join(folder, file));
  const files = items.map(({ kind, bytes }, index) => {
    const shown = names[index] ?? '';
    return { name: shown, file: resolve(cwd, shown), bytes, secret: kind === 'key' || holdsPrivateKey(bytes) };
  });
  const inTheWay = whatIsInTheWay(files, { force });
  if (inTheWay.length > 0) return { files: [], diagnostics: inTheWay };
  const written = writeFiles(files);
  return written.ok ? { files: names, diagnostics: [] } : { files: [], diagnostics: [written.error] };
}

/** Names by position within their kind: what an image says of IDs is not trusted to be unique. */
function fileNames(items: readonly DecodedItem[]): string[] {
  const last = new Map<string, number>();
  const numbered = items.map((item) => {
    const number = (last.get(item.kind) ?? -1) + 1;
    last.set(item.kind, number);
    return { item, number };
  });
  return numbered.map(({ item, number }) => {
    // As many digits as the last of its kind has, so that byte order is their order.
    const digits = Math.max(2, String(last.get(item.kind)).length);
    return `${item.kind}_${String(number).padStart(digits, '0')}${suffixOf(item)}`;
  });
}

function suffixOf({ kind, bytes }: Pick<DecodedItem, 'kind' | 'bytes'>): string {
  if (kind === 'data') return '.bin';
  if (pemBlocks(Buffer.from(bytes).toString('latin1')).length === 0) return '.der';
  return kind === 'key' ? '.key' : '.crt';
}
