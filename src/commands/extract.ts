import { lstatSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { count } from '../core/text.ts';
import type { DecodedItem } from '../formats/format.ts';
import { replaceFile } from '../output/write-file.ts';
import { pemBlocks } from '../pki/pem.ts';
import { holdsPrivateKey } from '../pki/private-key.ts';
import { readImage } from '../plan/read-image.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Command } from './command.ts';
import { writeFailed } from './write-failed.ts';

export const extract: Command = {
  name: 'extract',
  summary: 'Take the files back out of an image',
  usage: ['extract FILE -o DIR [options]'],
  about: 'Writes ca_00.crt, cert_00.crt, key_00.key and so on: names that keep their order when built again.',
  options: {
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
    const { files, diagnostics } = unpack(name, folder, args.flag('force'), cwd);
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

/** Writes all or, if anything stands in the way, nothing. */
function unpack(name: string, folder: string | undefined, force: boolean, cwd: string): Unpacked {
  if (folder === undefined) {
    const usage = diagnostic('usage', 'extract needs a folder to write to', { hint: 'add -o DIR' });
    return { files: [], diagnostics: [usage] };
  }
  const image = readImage(cwd, name);
  if (!image.ok) return { files: [], diagnostics: [image.error] };
  const { items } = image.value;
  const names = fileNames(items).map((file) => join(folder, file));
  const inTheWay = names.flatMap((file) => whatIsInTheWay(resolve(cwd, file), file, force));
  if (inTheWay.length > 0) return { files: [], diagnostics: inTheWay };

  const files: string[] = [];
  for (const [index, { kind, bytes }] of items.entries()) {
    const file = names[index] ?? '';
    const secret = kind === 'key' || holdsPrivateKey(bytes);
    const written = replaceFile(resolve(cwd, file), bytes, { secret });
    if (!written.ok) return { files, diagnostics: [writeFailed(written.error)] };
    files.push(file);
  }
  return { files, diagnostics: [] };
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

/** A link is never followed: it could lead out of the folder. */
function whatIsInTheWay(path: string, file: string, force: boolean): Diagnostic[] {
  const there = statsOf(path);
  if (there === undefined || (force && there.isFile())) return [];
  const what = there.isSymbolicLink() ? 'is a link' : there.isDirectory() ? 'is a folder' : 'exists already';
  const hint = there.isFile() ? 'add --force to replace it, or choose another folder' : 'choose another folder';
  return [diagnostic('file-exists', `${file} ${what}`, { place: { file: path }, hint })];
}

/** Of the path itself, links not followed. Where that cannot be seen, writing will say why. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
