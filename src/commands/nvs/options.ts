import { resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { parseBytes, printable } from '../../core/text.ts';
import type { NvsSettings } from '../../formats/nvs/model.ts';
import type { NvsSource } from '../../formats/nvs/read.ts';
import type { Arguments, Options } from '../command.ts';
import { commonOptions } from '../options.ts';

const { version: _version, help: _help, ...common } = commonOptions;

const outdir = {
  type: 'string',
  value: 'DIR',
  help: 'Where relative outputs go (default: the current folder)',
} as const;

/**
 * The drop-ins of nvs_partition_gen.py take its options, and any unambiguous beginning of one, beside the common ones;
 * only --version means the NVS version here.
 */
export const dropInOptions = { outdir, ...common } as const satisfies Options;

export const imageOptions = {
  version: { type: 'string', choices: ['1', '2'], help: 'NVS version; 1: blobs of one page at most (default: 2)' },
  profile: {
    type: 'string',
    choices: ['new', 'legacy'],
    help: 'Whose bytes; legacy: ESP-IDF up to v5.2, ESP-AT up to v4.0 (default: new)',
  },
} as const satisfies Options;

export const hmacOptions = {
  key_protect_hmac: { type: 'boolean', help: 'Derive the keys from an HMAC key, as the firmware does from its eFuse' },
  kp_hmac_keygen: { type: 'boolean', help: 'Make that HMAC key' },
  kp_hmac_keyfile: { type: 'string', value: 'FILE', help: 'Where it goes (default: DIR/keys/hmac-keys-….bin)' },
  kp_hmac_inputkey: { type: 'string', value: 'FILE', help: 'A file with an HMAC key of 32 bytes, instead' },
} as const satisfies Options;

/** Where an NVS image is in a file, and what opens it. */
export const partOptions = {
  key: { type: 'string', short: 'k', value: 'FILE', help: 'Key file of an encrypted NVS image' },
  offset: { type: 'string', value: 'N', help: 'Where an NVS image starts, if the file is a dump of more' },
  size: { type: 'string', value: 'N', help: 'Bytes of its partition there' },
} as const satisfies Options;

/** The options of a command that is about NVS images alone. */
export const sourceOptions = {
  ...partOptions,
  inputkey: { type: 'string', value: 'FILE', help: 'The same as --key, as nvs_partition_gen.py calls it' },
} as const satisfies Options;

export const sourceOf = (args: Arguments): NvsSource => ({
  key: args.text('key') ?? args.text('inputkey'),
  offset: args.text('offset'),
  size: args.text('size'),
});

/** The settings that an image is made with. */
export function settingsFrom(args: Arguments, sizeWord: string): Result<Required<NvsSettings>, Diagnostic> {
  const size = parseBytes(sizeWord);
  if (size === undefined) {
    const hint = 'bytes as 114688, 0x1c000 or 112K; the order is IN.csv OUT.bin SIZE';
    return fail(diagnostic('usage', `"${printable(sizeWord)}" is no size of a partition`, { hint }));
  }
  const version = args.text('version') === '1' ? 1 : 2;
  const profile = args.text('profile') === 'legacy' ? 'legacy' : 'new';
  return ok({ size, version, profile });
}

/** Where an output goes: below --outdir unless it is absolute. */
export const targetOf = (args: Arguments, cwd: string, name: string): string =>
  resolve(cwd, args.text('outdir') ?? '.', name);

/** An output in the place of an input is a slip: the input would be lost. */
export function sameFile(output: string, inputs: readonly string[], cwd: string): Diagnostic[] {
  const same = inputs.find((input) => resolve(cwd, input) === output);
  if (same === undefined) return [];
  const message = `the output would replace the input ${printable(same)}`;
  return [diagnostic('usage', message, { hint: 'give the output another name' })];
}
