import { type Diagnostic, isError } from '../../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { writeFiles } from '../../files/write-files.ts';
import { holdsSecret } from '../../formats/nvs/secret.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import { roomFields, roomLine } from '../../report/nvs-room.ts';
import type { Arguments, Command } from '../command.ts';
import { type FromCsv, imageFromCsv } from './from-csv.ts';
import { dropInOptions, imageOptions, sameFile, settingsFrom, targetOf } from './options.ts';

export const generate: Command = {
  name: 'nvs generate',
  summary: 'Make an NVS image from a CSV, as nvs_partition_gen.py does',
  usage: ['nvs generate IN.csv… OUT.bin SIZE [options]'],
  about: [
    'Takes the arguments of nvs_partition_gen.py and writes the same bytes. What a device could not read (a key',
    'twice, or before any namespace) is refused. Files that a CSV names are looked for in the working folder, then',
    'in the folder of the CSV.',
  ].join('\n'),
  standalone: true,
  options: { ...imageOptions, ...dropInOptions },
  words: { min: 3, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki nvs generate mfg_nvs.csv mfg_nvs.bin 0x1c000', 'an image of 112K'],
    ['at-pki nvs generate in.csv out.bin 0x3000 --version 1', 'for firmware before ESP-IDF v4.0'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const made = imageOf(args, cwd);
    const { output } = namesIn(args);
    const show = (diagnostics: readonly Diagnostic[], lines: readonly string[] = [], fields = {}) =>
      present(
        { command: 'nvs generate', cwd, fields: { file: output, ...fields }, lines, diagnostics },
        choiceOf(args, context),
        context,
      );
    if (!made.ok) return show(made.error);
    const { image, content, room, diagnostics } = made.value;
    const file = { file: targetOf(args, cwd, output), name: output, bytes: image, secret: holdsSecret(content) };
    const written = writeFiles([file]);
    if (!written.ok) return show([...diagnostics, written.error]);
    return show(diagnostics, [`${output}: ${roomLine(room)}`], { size: image.length, ...roomFields(room) });
  },
};

/** The words of a command line of `generate` or `encrypt`. */
export function namesIn({ words }: Arguments): { inputs: readonly string[]; output: string; size: string } {
  return { inputs: words.slice(0, -2), output: words.at(-2) ?? '', size: words.at(-1) ?? '' };
}

/** The image that such a command line asks for, not encrypted. */
export function imageOf(args: Arguments, cwd: string): Result<FromCsv, readonly Diagnostic[]> {
  const { inputs, output, size } = namesIn(args);
  const settings = settingsFrom(args, size);
  if (!settings.ok) return fail([settings.error]);
  const slips = sameFile(targetOf(args, cwd, output), inputs, cwd);
  if (slips.some(isError)) return fail(slips);
  const made = imageFromCsv(cwd, inputs, settings.value);
  return made.ok ? ok(made.value) : made;
}
