import { deleteEntry } from '../../formats/nvs/edit.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import { roomFields, roomLine } from '../../report/nvs-room.ts';
import type { Command } from '../command.ts';
import { editInPlace } from './edit-image.ts';
import { sourceOptions } from './options.ts';

export const deleteKey: Command = {
  name: 'nvs delete',
  summary: 'Delete a key or a namespace from an NVS image',
  usage: ['nvs delete IMAGE NAMESPACE [KEY] [options]'],
  about: [
    'Without KEY the namespace goes with all its keys. Changes the image in place, whole or not at all: encoded',
    'anew, so that nothing of the deleted value is left in it.',
  ].join('\n'),
  options: sourceOptions,
  conflicts: [['key', 'inputkey']],
  words: { min: 2, max: 3 },
  examples: [
    ['at-pki nvs delete mfg_nvs.bin mqtt_key mqtt_key', 'one key'],
    ['at-pki nvs delete mfg_nvs.bin ble_data', 'a namespace'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const [name = '', namespace = '', key] = args.words;
    const result = editInPlace(args, cwd, deleteEntry(namespace, key));
    const what = { namespace, key };
    const fields = { file: name, ...what, ...(result.ok && roomFields(result.value.room)) };
    const deleted = key === undefined ? `namespace ${namespace}` : `${namespace}/${key}`;
    const lines = result.ok ? [`${deleted} deleted; ${roomLine(result.value.room)}`] : [];
    const diagnostics = result.ok ? result.value.diagnostics : result.error;
    return present({ command: 'nvs delete', cwd, fields, lines, diagnostics }, choiceOf(args, context), context);
  },
};
