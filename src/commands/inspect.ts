import { inspectFile } from '../plan/inspect-file.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import { inspectionFields, inspectionLines } from '../report/inspection.ts';
import type { Command } from './command.ts';
import { inspectNvs } from './nvs/inspect.ts';
import { partOptions } from './nvs/options.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'Show what is in an image',
  usage: ['inspect FILE [options]'],
  about: [
    'FILE is an image, a dump of its partition, a binary partition table, or a PEM or DER file.',
    'NVS images are found in larger dumps, too. Private keys are named, never shown.',
  ].join('\n'),
  options: partOptions,
  words: { min: 1, max: 1 },
  examples: [
    ['at-pki inspect client_ca.bin', 'its items, subjects, validity'],
    ['at-pki inspect at_customize.bin', 'the partitions of a table'],
    ['at-pki inspect dump.bin --json', 'for scripts'],
  ],
  async run(args, context) {
    const { cwd, now = () => new Date() } = context;
    const shown = inspectNvs(args, context);
    if (shown !== undefined) return shown;
    const choice = choiceOf(args, context);
    const [name = ''] = args.words;
    const inspection = inspectFile(cwd, name);
    if (!inspection.ok) {
      const failed = { command: 'inspect', cwd, fields: { file: name }, lines: [], diagnostics: [inspection.error] };
      return present(failed, choice, context);
    }
    const time = now();
    const fields = { file: name, ...inspectionFields(inspection.value, time) };
    const lines = inspectionLines(name, inspection.value, time);
    return present({ command: 'inspect', cwd, fields, lines, diagnostics: [] }, choice, context);
  },
};
