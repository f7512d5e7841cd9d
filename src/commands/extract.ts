import { lstatSync } from 'node:fs';
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
  examples: [['at-pki extract client_ca.bin -o client_ca', 'one file for each item']],
  async run(args, context) {
    const choice = choiceOf(args, context);
    const { cwd } = context;
    const [name = ''] = args.words;
    const show = (files: readonly string[], diagnostics: readonly Diagnostic[]) => {
      const lines = files.length > 0 ? [`${count(files.length, 'file')} written to ${folderName}`] : [];
      return present({ command: 'extract', cwd, fields: { file: name, files }, lines, diagnostics }, choice, context);
    };
    const folderName = args.text('output');
    if (folderName === undefined) {
      return show([], [diagnostic('usage', 'extract needs a folder to write to', { hint: 'add -o DIR' })]);
    }
    const nvs = extractNvs(args, folderName, cwd);
    if (nvs !== undefined) return show(nvs.files, nvs.diagnostics);
    const image = readImage(cwd, name);
    if (!image.ok) return show([], [image.error]);

    const files = fileNames(image.value.items).map((file) => join(folderName, file));
    const inTheWay = files.flatMap((file) => whatIsInTheWay(resolve(cwd, file), file, args.flag('force')));
    if (inTheWay.length > 0) return show([], inTheWay);

    const written: string[] = [];
    for (const [index, { kind, bytes }] of image.value.items.entries()) {
      const file = files[index] ?? '';
      const secret = kind === 'key' || holdsPrivateKey(bytes);
      const result = replaceFile(resolve(cwd, file), bytes, { secret });
      if (!result.ok) return show(written, [diagnostic('write-failed', result.error.message)]);
      written.push(file);
    }
    return show(written, []);
  },
};

/** Names by position within their kind: what an image says of IDs is not trusted to be unique. */
function fileNames(items: readonly DecodedItem[]): string[] {
  const counters = new Map<string, number>();
  return items.map(({ kind, bytes }) => {
    const id = counters.get(kind) ?? 0;
    counters.set(kind, id + 1);
    return `${kind}_${String(id).padStart(2, '0')}${suffixOf({ kind, bytes })}`;
  });
}

function suffixOf({ kind, bytes }: Pick<DecodedItem, 'kind' | 'bytes'>): string {
  if (kind === 'data') return '.bin';
  if (pemBlocks(Buffer.from(bytes).toString('latin1')).length === 0) return '.der';
  return kind === 'key' ? '.key' : '.crt';
}

/** A link is never followed: it could lead out of the folder. */
function whatIsInTheWay(path: string, file: string, force: boolean): Diagnostic[] {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined || (force && there.isFile())) return [];
  const what = there.isSymbolicLink() ? 'is a link' : there.isDirectory() ? 'is a folder' : 'exists already';
  const hint = there.isFile() ? 'add --force to replace it, or choose another folder' : 'choose another folder';
  return [diagnostic('file-exists', `${file} ${what}`, { place: { file: path }, hint })];
}
