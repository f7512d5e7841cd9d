import { join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { count } from '../core/text.ts';
import { type NewFile, whatIsInTheWay, writeFiles } from '../files/write-files.ts';
import type { Input } from '../formats/input.ts';
import { formatIn, openImage, unknownImage } from '../formats/open-image.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Arguments, Command } from './command.ts';
import { partOptions, sourceOf } from './nvs/options.ts';
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
    const { files, diagnostics } = await unpack(input, folder, args, cwd);
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
async function unpack(input: Input, folder: string, args: Arguments, cwd: string): Promise<Unpacked> {
  const format = formatIn(input.bytes);
  if (format === undefined) return { files: [], diagnostics: [unknownImage(input)] };
  const image = await openImage(format, input, { cwd, ...sourceOf(args) });
  if (!image.ok) return { files: [], diagnostics: [image.error] };
  const { diagnostics } = image.value;
  const { files, folders } = image.value.unpack();
  const named = files.map((file): NewFile => {
    const shown = join(folder, file.name);
    return { ...file, name: shown, file: resolve(cwd, shown), within: resolve(cwd, folder) };
  });
  const parents = folders.map((name) => ({ name: join(folder, name), file: resolve(cwd, folder, name) }));
  const inTheWay = whatIsInTheWay(named, { force: args.flag('force'), parents });
  if (inTheWay.length > 0) return { files: [], diagnostics: [...diagnostics, ...inTheWay] };
  const written = writeFiles(named);
  if (!written.ok) return { files: [], diagnostics: [...diagnostics, written.error] };
  return { files: named.map(({ name }) => name), diagnostics };
}
