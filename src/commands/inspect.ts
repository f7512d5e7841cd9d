import { hex } from '../core/bytes.ts';
import { count, grouped, printable } from '../core/text.ts';
import type { DecodedItem } from '../formats/format.ts';
import { type Description, describe } from '../pki/describe.ts';
import { readImage } from '../plan/read-image.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Command } from './command.ts';
import { inspectNvs } from './nvs/inspect.ts';
import { partOptions } from './nvs/options.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'Show what is in an image',
  usage: ['inspect FILE [options]'],
  about: 'FILE is an image, or a dump of its partition. Private keys are named, never shown.',
  options: partOptions,
  words: { min: 1, max: 1 },
  examples: [
    ['at-pki inspect build/customized_partitions/client_ca.bin', 'its items, subjects, validity'],
    ['at-pki inspect dump.bin --json', 'for scripts'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const shown = inspectNvs(args, context);
    if (shown !== undefined) return shown;
    const choice = choiceOf(args, context);
    const [name = ''] = args.words;
    const image = readImage(cwd, name);
    if (!image.ok) {
      const failed = { command: 'inspect', cwd, fields: { file: name }, lines: [], diagnostics: [image.error] };
      return present(failed, choice, context);
    }
    const { format, size, items } = image.value;
    const described = items.map((item) => ({ item, contents: describe(item.bytes) }));
    const fields = {
      file: name,
      format: format.name,
      size,
      items: described.map(({ item: { kind, id, offset, length }, contents }) => ({
        type: kind,
        id,
        offset,
        length,
        contents,
      })),
    };
    const head = `${name}: ${format.name}, ${count(items.length, 'item')}, ${grouped(size)} bytes`;
    const lines = [head, ...described.flatMap(({ item, contents }) => itemLines(item, contents))];
    return present({ command: 'inspect', cwd, fields, lines, diagnostics: [] }, choice, context);
  },
};

function itemLines({ kind, id, offset, length }: DecodedItem, contents: readonly Description[]): string[] {
  const head = `  ${kind}.${id}  at ${hex(offset)}, ${grouped(length)} bytes`;
  return [head, ...contents.flatMap((one) => contentLines(one).map((line) => `      ${printable(line)}`))];
}

function contentLines(content: Description): string[] {
  if (!('subject' in content)) return ['key' in content ? `${content.what}, ${content.key}` : content.what];
  const { subject, issuer, notBefore, notAfter, key, ca } = content;
  return [
    `${ca ? 'CA certificate' : 'certificate'}, ${key}`,
    `subject  ${subject}`,
    `issuer   ${issuer === subject ? 'itself' : issuer}`,
    `valid    ${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}`,
  ];
}
