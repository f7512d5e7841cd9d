import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { endOf } from '../../core/range.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { writeFiles } from '../../files/write-files.ts';
import { decrypt as decryptImage } from '../../formats/nvs/crypto.ts';
import { readNvs } from '../../formats/nvs/read.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import type { Arguments, Command } from '../command.ts';
import { dropInOptions, sameFile, targetOf } from './options.ts';

export const decrypt: Command = {
  name: 'nvs decrypt',
  summary: 'Decrypt an NVS image, as nvs_partition_gen.py does',
  usage: ['nvs decrypt IN.bin KEY.bin OUT.bin [options]'],
  about: 'Refuses keys that do not open the image. The output is for its owner alone (mode 0600).',
  standalone: true,
  options: dropInOptions,
  words: { min: 3, max: 3 },
  examples: [['at-pki nvs decrypt encrypted.bin keys/keys.bin plain.bin', 'an image that nvs dump shows']],
  async run(args, context) {
    const { cwd } = context;
    const [, , output = ''] = args.words;
    const plain = plainImage(args, cwd);
    const diagnostics: Diagnostic[] = plain.ok ? [...plain.value.diagnostics] : [plain.error];
    const lines: string[] = [];
    if (plain.ok) {
      const file = { file: targetOf(args, cwd, output), name: output, bytes: plain.value.bytes, secret: true };
      const written = writeFiles([file]);
      if (written.ok) lines.push(`${output}: decrypted`);
      else diagnostics.push(written.error);
    }
    const document = { command: 'nvs decrypt', cwd, fields: { file: output }, lines, diagnostics };
    return present(document, choiceOf(args, context), context);
  },
};

interface Plain {
  readonly bytes: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

function plainImage(args: Arguments, cwd: string): Result<Plain, Diagnostic> {
  const [name = '', key = '', output = ''] = args.words;
  const [slip] = sameFile(targetOf(args, cwd, output), [name, key], cwd);
  if (slip) return fail(slip);
  const read = readNvs(cwd, name, { key });
  if (!read.ok) return read;
  const { input, range, keys, diagnostics } = read.value;
  const image = input.bytes.subarray(range.offset, endOf(range));
  return ok({ bytes: keys === undefined ? image.slice() : decryptImage(image, keys), diagnostics });
}
