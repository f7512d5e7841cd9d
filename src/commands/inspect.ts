import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { inspectInput } from '../formats/inspect-input.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import { inspectionFields, inspectionLines } from '../report/inspection.ts';
import type { Command } from './command.ts';
import { partOptions, sourceOf } from './nvs/options.ts';
import { aboutDevice, inputOptions, openInput } from './open-input.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'Show what is in an image',
  usage: ['inspect FILE [options]', 'inspect --port PORT WHAT [options]'],
  about: [
    'FILE is an image, a dump of its partition, a binary partition table, or a PEM or DER file.',
    'NVS images are found in larger dumps, too. Private keys are named, never shown.',
    '',
    ...aboutDevice,
  ].join('\n'),
  options: { ...partOptions, ...inputOptions },
  words: { min: 1, max: 1 },
  examples: [
    ['at-pki inspect client_ca.bin', 'its items, subjects, validity'],
    ['at-pki inspect at_customize.bin', 'the partitions of a table'],
    ['at-pki inspect dump.bin --json', 'for scripts'],
    ['at-pki inspect --port auto mfg_nvs', 'what the device has'],
  ],
  async run(args, context) {
    const { cwd, now = () => new Date() } = context;
    const choice = choiceOf(args, context);
    const show = (fields: object, lines: readonly string[], diagnostics: readonly Diagnostic[]): Promise<number> =>
      present({ command: 'inspect', cwd, fields: { ...fields }, lines, diagnostics }, choice, context);
    const opened = await openInput(args, context, choice);
    if (!opened.ok) return show(opened.error.origin, [], opened.error.diagnostics);
    const { input, origin, diagnostics } = opened.value;
    const inspection = await inspectInput(input, { cwd, ...sourceOf(args) });
    if (!inspection.ok) {
      const { format, problem } = inspection.error;
      return show({ ...origin, format: format?.name }, [], [...diagnostics, problem]);
    }
    const time = now();
    const fields = { ...origin, ...inspectionFields(inspection.value, time) };
    const own = inspection.value.what === 'image' ? inspection.value.image.diagnostics : [];
    return show(fields, inspectionLines(input.name, inspection.value, time), [...diagnostics, ...own]);
  },
};
