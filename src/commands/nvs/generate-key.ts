import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { writeFiles } from '../../files/write-files.ts';
import { shownPath } from '../../pipeline/build-report.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import type { Command } from '../command.ts';
import { makeKeys } from './new-keys.ts';
import { dropInOptions, hmacOptions } from './options.ts';

export const generateKey: Command = {
  name: 'nvs generate-key',
  summary: 'Make keys of encrypted NVS images, as nvs_partition_gen.py does',
  usage: ['nvs generate-key [--keyfile FILE] [options]'],
  about: 'Writes DIR/keys/keys-MONTH-DAY_HOUR-MINUTE.bin unless --keyfile names another, for the partition nvs_keys.',
  standalone: true,
  options: {
    keyfile: { type: 'string', value: 'FILE', help: 'Where the keys go, below DIR/keys' },
    ...hmacOptions,
    ...dropInOptions,
  },
  words: { min: 0, max: 0 },
  examples: [
    ['at-pki nvs generate-key --keyfile nvs_keys.bin', 'keys/nvs_keys.bin'],
    ['at-pki nvs generate-key --key_protect_hmac --kp_hmac_inputkey hmac.bin', 'the keys that a device derives'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const made = makeKeys(args, context);
    const names = made.ok ? made.value.files.map(({ file }) => shownPath(file, cwd)) : [];
    const written = made.ok ? writeFiles(made.value.files) : made;
    const diagnostics: Diagnostic[] = written.ok ? [] : [written.error];
    const keyFiles = written.ok ? names : [];
    const lines = keyFiles.map((name) => `${name}: keys written`);
    const document = { command: 'nvs generate-key', cwd, fields: { keyFiles }, lines, diagnostics };
    return present(document, choiceOf(args, context), context);
  },
};
