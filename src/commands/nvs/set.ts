import { resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, type Result } from '../../core/result.ts';
import { count, didYouMean } from '../../core/text.ts';
import { readFile } from '../../formats/input.ts';
import { lengthOf } from '../../formats/nvs/content.ts';
import { encodings, isEncoding, valueFrom } from '../../formats/nvs/csv-value.ts';
import { setEntry } from '../../formats/nvs/edit.ts';
import type { NvsEntry } from '../../formats/nvs/model.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import { roomFields, roomLine } from '../../report/nvs-room.ts';
import type { Arguments, Command } from '../command.ts';
import { editInPlace } from './edit-image.ts';
import { sourceOptions } from './options.ts';

/** `blob` is what a dump calls it; in a CSV its name is `binary`. */
const types = [...encodings, 'blob'];

export const set: Command = {
  name: 'nvs set',
  summary: 'Set a key in an NVS image',
  usage: ['nvs set IMAGE NAMESPACE KEY TYPE VALUE|@FILE [options]'],
  about: [
    `TYPE is ${types.join(', ')}.`,
    '@FILE takes the content of a file, @@… is a text that begins with @; before a text that begins with a dash',
    'goes --. Changes the image in place, whole or not at all: encoded anew, compact, and without what the',
    'device had deleted.',
  ].join('\n'),
  options: sourceOptions,
  negativeNumbers: true,
  conflicts: [['key', 'inputkey']],
  words: { min: 5, max: 5 },
  examples: [
    ['at-pki nvs set mfg_nvs.bin factory_param uart_baudrate i32 921600', 'a number'],
    ['at-pki nvs set mfg_nvs.bin mqtt_ca mqtt_ca blob @ca.crt', 'a file'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const [name = '', namespace = '', key = ''] = args.words;
    const entry = entryFrom(args, cwd);
    const result = entry.ok ? editInPlace(args, cwd, setEntry(entry.value)) : fail([entry.error]);
    const fields = { file: name, namespace, key, ...(result.ok && roomFields(result.value.room)) };
    const diagnostics = result.ok ? result.value.diagnostics : result.error;
    const lines: string[] = [];
    if (entry.ok && result.ok) {
      const what = `${entry.value.type}, ${count(lengthOf(entry.value), 'byte')}`;
      lines.push(`${namespace}/${key} set (${what}); ${roomLine(result.value.room)}`);
    }
    return present({ command: 'nvs set', cwd, fields, lines, diagnostics }, choiceOf(args, context), context);
  },
};

/** Never quotes the value: it may be secret. */
function entryFrom(args: Arguments, cwd: string): Result<NvsEntry, Diagnostic> {
  const [, namespace = '', key = '', type = '', word = ''] = args.words;
  const encoding = type === 'blob' ? 'binary' : type;
  if (!isEncoding(encoding)) {
    const hint = didYouMean(type, types) ?? `there are ${types.join(', ')}`;
    // In the wrong place it may be the value.
    const shown = /^\w{1,12}$/.test(type) ? `"${type}"` : 'the fourth word';
    return fail(diagnostic('usage', `${shown} is not a type of NVS`, { hint }));
  }
  const name = word.startsWith('@') && !word.startsWith('@@') ? word.slice(1) : undefined;
  const source = name === undefined ? undefined : readFile(cwd, name);
  if (source !== undefined && !source.ok) return source;
  const value = valueFrom(source?.value ?? word.replace(/^@@/, '@'), encoding);
  if (value.ok) return { ok: true, value: { namespace, key, ...value.value } };
  const { message, hint } = value.error;
  const place = name === undefined ? undefined : { file: resolve(cwd, name) };
  return fail(diagnostic('nvs-value', message, { place, hint }));
}
