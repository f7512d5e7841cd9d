import { resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { writeFiles } from '../../files/write-files.ts';
import { encrypt as encryptImage } from '../../formats/nvs/crypto.ts';
import { readKeys } from '../../formats/nvs/read.ts';
import { holdsSecret } from '../../formats/nvs/secret.ts';
import { shownPath } from '../../pipeline/build-report.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import { roomFields, roomLine } from '../../report/nvs-room.ts';
import type { Arguments, Command, Context } from '../command.ts';
import { imageOf, namesIn } from './generate.ts';
import { makeKeys, type NewKeys } from './new-keys.ts';
import { dropInOptions, hmacOptions, imageOptions, sameFile, targetOf } from './options.ts';

export const encrypt: Command = {
  name: 'nvs encrypt',
  summary: 'Make an encrypted NVS image from a CSV, as nvs_partition_gen.py does',
  usage: ['nvs encrypt IN.csv… OUT.bin SIZE --inputkey FILE | --keygen [options]'],
  about: 'With --keygen, new keys go to DIR/keys/keys-MONTH-DAY_HOUR-MINUTE.bin unless --keyfile names them.',
  standalone: true,
  options: {
    inputkey: { type: 'string', value: 'FILE', help: 'The key file to encrypt with' },
    keygen: { type: 'boolean', help: 'Make new keys' },
    keyfile: { type: 'string', value: 'FILE', help: 'Where they go, below DIR/keys' },
    ...hmacOptions,
    ...imageOptions,
    ...dropInOptions,
  },
  conflicts: [['inputkey', 'keygen']],
  words: { min: 3, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki nvs encrypt in.csv out.bin 0x3000 --keygen --keyfile keys.bin', 'with new keys, in keys/keys.bin'],
    ['at-pki nvs encrypt in.csv out.bin 0x3000 --inputkey keys/keys.bin', 'with these'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const { output } = namesIn(args);
    const show = (diagnostics: readonly Diagnostic[], lines: readonly string[] = [], fields = {}) =>
      present(
        { command: 'nvs encrypt', cwd, fields: { file: output, ...fields }, lines, diagnostics },
        choiceOf(args, context),
        context,
      );
    const keys = keysFor(args, context);
    if (!keys.ok) return show([keys.error]);
    const made = imageOf(args, cwd);
    if (!made.ok) return show(made.error);
    const { content, room, diagnostics } = made.value;
    const encrypted = encryptImage(made.value.image, keys.value.keys);
    if (!encrypted.ok) {
      const { code, message, hint } = encrypted.error;
      const place = { file: resolve(cwd, args.text('inputkey') ?? '') };
      return show([...diagnostics, diagnostic(code, message, { place, hint })]);
    }
    const file = targetOf(args, cwd, output);
    const keyFiles = keys.value.files.map((one) => ({ ...one, name: shownPath(one.file, cwd) }));
    const slips = sameFile(file, [...keyFiles.map((one) => one.file), args.text('inputkey') ?? []].flat(), cwd);
    if (slips.length > 0) return show([...diagnostics, ...slips]);
    const image = { file, name: output, bytes: encrypted.value, secret: holdsSecret(content) };
    const written = writeFiles([...keyFiles, image]);
    if (!written.ok) return show([...diagnostics, written.error]);
    const lines = [...keyFiles.map(({ name }) => `${name}: keys written`), `${output}: encrypted, ${roomLine(room)}`];
    const fields = { size: image.bytes.length, keyFiles: keyFiles.map(({ name }) => name), ...roomFields(room) };
    return show(diagnostics, lines, fields);
  },
};

function keysFor(args: Arguments, context: Context): Result<NewKeys, Diagnostic> {
  const name = args.text('inputkey');
  if (args.flag('keygen')) return makeKeys(args, context);
  if (name === undefined) {
    const hint = 'add --inputkey FILE, or --keygen for new keys';
    return fail(diagnostic('usage', 'nothing says which keys to encrypt with', { hint }));
  }
  const keys = readKeys(context.cwd, name);
  return keys.ok ? ok({ keys: keys.value, files: [] }) : keys;
}
