import { join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { count } from '../core/text.ts';
import { whatIsInTheWay, writeFiles } from '../files/write-files.ts';
import type { DecodedItem } from '../formats/format.ts';
import type { Input } from '../formats/input.ts';
import { decodeImage } from '../formats/read-image.ts';
import { pemBlocks } from '../pki/pem.ts';
import { holdsPrivateKey } from '../pki/private-key.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Command } from './command.ts';
import { extractNvs } from './nvs/extract.ts';
import { partOptions } from './nvs/options.ts';
import { aboutDevice, inputOptions, openInput } from './open-input.ts';

export const extract: Command = {
  name: 'extract',
  summary: 'Take the files back out of an image',
  usage: ['extract FILE -o DIR [options]', 'extract --port PORT WHAT -o DIR [options]'],
  about: [
    'Writes ca_00.crt, cert_00.crt, key_00.key and so on: names that keep their order when built again. Of an NVS',
    'image it writes NAMESPACE/KEY.crt and its like, and nvs.csv: at-pki nvs generate makes the image of it again.',
    '',
    ...aboutDevice,
  ].join('\n'),
  options: {
    ...partOptions,
    ...inputOptions,
    output: { type: 'string', short: 'o', value: 'DIR', help: 'The folder to write to; made if missing' },
    force: { type: 'boolean', short: 'f', help: 'Replace files that exist' },
  },
  words: { min: 1, max: 1 },
  examples: [
    ['at-pki extract client_ca.bin -o client_ca', 'one file for each item'],
    ['at-pki extract dump.bin -o keys --force', 'over what is there'],
    ['at-pki extract --port auto client_cert -o certs', 'what the device has'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const choice = choiceOf(args, context);
    const show = (fields: object, lines: readonly string[], diagnostics: readonly Diagnostic[]): Promise<number> =>
      present({ command: 'extract', cwd, fields: { ...fields }, lines, diagnostics }, choice, context);
    const folder = args.text('output');
    if (folder === undefined) return show({ files: [] }, [], [noFolder]);
    const opened = await openInput(args, context, choice);
    if (!opened.ok) return show({ ...opened.error.origin, files: [] }, [], opened.error.diagnostics);
    const { input, origin } = opened.value;
    const { files, diagnostics } =
      extractNvs(args, input, folder, cwd) ?? unpack(input, folder, args.flag('force'), cwd);
    const lines = files.length > 0 ? [`${count(files.length, 'file')} written to ${folder}`] : [];
    return show({ ...origin, files }, lines, [...opened.value.diagnostics, ...diagnostics]);
  },
};

const noFolder = diagnostic('usage', 'extract needs a folder to write to', { hint: 'add -o DIR' });

interface Unpacked {
  /** As they were named, below the folder. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Writes all or, if anything stands in the way, nothing. */
function unpack(input: Input, folder: string, force: boolean, cwd: string): Unpacked {
  const image = decodeImage(input);
  if (!image.ok) return { files: [], diagnostics: [image.error] };
  const { items } = image.value;
  const names = fileNames(items).map((file) => join(folder, file));
  const files = items.map(({ kind, bytes }, index) => {
    const shown = names[index] ?? '';
    const secret = kind === 'key' || holdsPrivateKey(bytes);
    return { name: shown, file: resolve(cwd, shown), bytes, secret, within: resolve(cwd, folder) };
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
