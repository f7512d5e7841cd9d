import { basename, dirname, join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { count, grouped } from '../../core/text.ts';
import { whatIsInTheWay, writeFiles } from '../../files/write-files.ts';
import { writeCsv } from '../../formats/nvs/csv-write.ts';
import { type NvsFile, readNvs } from '../../formats/nvs/read.ts';
import { pageFields, pageLines, summaryText } from '../../formats/nvs/survey.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import { dumpLines, entryFields } from '../../report/nvs.ts';
import type { Command } from '../command.ts';
import { sourceOf, sourceOptions } from './options.ts';

export const dump: Command = {
  name: 'nvs dump',
  summary: 'Show what an NVS image holds, or write it as a CSV',
  usage: ['nvs dump IMAGE [options]', 'nvs dump IMAGE --csv -o FILE'],
  about: [
    'IMAGE is an image, a dump of its partition, or a dump of more flash. Private keys are redacted unless --reveal',
    'is given. --csv writes FILE, and values beside it, for nvs generate; all of them for their owner alone (mode',
    '0600), since keys are among them.',
  ].join('\n'),
  options: {
    ...sourceOptions,
    reveal: { type: 'boolean', help: 'Show private keys, too' },
    csv: { type: 'boolean', help: 'Write a CSV that gives the same content again' },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'The CSV to write; blobs go beside it' },
    force: { type: 'boolean', short: 'f', help: 'Replace files that exist' },
  },
  conflicts: [
    ['key', 'inputkey'],
    ['csv', 'reveal'],
  ],
  words: { min: 1, max: 1 },
  examples: [
    ['at-pki nvs dump mfg_nvs.bin', 'namespaces, keys, values, pages'],
    ['at-pki nvs dump flash.bin --offset 0x21000 --size 112K', 'a partition in a dump of the flash'],
    ['at-pki nvs dump mfg_nvs.bin --csv -o mfg_nvs.csv', 'back to a CSV'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const [name = ''] = args.words;
    const show = (fields: object, lines: readonly string[], diagnostics: readonly Diagnostic[]) =>
      present(
        {
          command: 'nvs dump',
          cwd,
          fields: { file: name, ...fields },
          lines,
          diagnostics,
          reveal: args.flag('reveal'),
        },
        choiceOf(args, context),
        context,
      );
    const output = args.text('output');
    if (args.flag('csv') !== (output !== undefined)) {
      const hint = args.flag('csv') ? 'add -o FILE' : 'add --csv';
      return show({}, [], [diagnostic('usage', '--csv and -o FILE belong together', { hint })]);
    }
    const read = readNvs(cwd, name, sourceOf(args));
    if (!read.ok) return show({}, [], [read.error]);
    const { decoded, range, diagnostics } = read.value;
    if (output !== undefined) {
      const { files, problems } = writeAsCsv(read.value, output, args.flag('force'), cwd);
      const lines = files.length > 0 ? [`${count(files.length, 'file')} written: ${output} and what it names`] : [];
      return show({ files }, lines, [...diagnostics, ...problems]);
    }
    const reveal = args.flag('reveal');
    const entries = decoded.entries.map((entry) => entryFields(entry, reveal));
    const fields = { ...range, namespaces: decoded.namespaces, entries, pages: pageFields(decoded) };
    const head = `${name}: NVS, ${grouped(range.size)} bytes, ${summaryText(decoded)}`;
    return show(fields, [head, '', ...dumpLines(decoded, reveal), '', ...pageLines(decoded)], diagnostics);
  },
};

/** Writes all files or, if anything stands in the way, none. */
function writeAsCsv({ decoded }: NvsFile, output: string, force: boolean, cwd: string) {
  const { csv, files } = writeCsv(decoded, { reserved: [basename(output)] });
  const beside = (name: string) => join(dirname(output), name);
  const all = [
    ...files.map(({ name, bytes }) => ({ name: beside(name), bytes })),
    { name: output, bytes: new TextEncoder().encode(csv) },
  ].map((one) => ({ ...one, file: resolve(cwd, one.name), secret: true }));
  const inTheWay = whatIsInTheWay(all, { force });
  if (inTheWay.length > 0) return { files: [], problems: inTheWay };
  const written = writeFiles(all);
  return written.ok ? { files: all.map(({ name }) => name), problems: [] } : { files: [], problems: [written.error] };
}
