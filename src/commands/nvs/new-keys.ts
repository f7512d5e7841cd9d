import { randomBytes } from 'node:crypto';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { printable } from '../../core/text.ts';
import { isTaken } from '../../files/path-kind.ts';
import type { NewFile } from '../../files/write-files.ts';
import { readFile } from '../../formats/input.ts';
import { encodeKeys, keysFromHmac, keysFromRandom, type NvsKeys } from '../../formats/nvs/keys.ts';
import type { Arguments, Context } from '../command.ts';

export interface NewKeys {
  readonly keys: NvsKeys;
  /** The key file, and behind it that of the HMAC key if it is new, too. */
  readonly files: readonly NewFile[];
}

/** Makes keys as --key_protect_hmac and its like ask for, and says where they go; writes nothing. */
export function makeKeys(args: Arguments, { cwd, now = () => new Date() }: Context): Result<NewKeys, Diagnostic> {
  const wrong = contradiction(args);
  if (wrong) return fail(wrong);
  const keysFolder = resolve(cwd, args.text('outdir') ?? '.', 'keys');
  const given = args.text('keyfile');
  const keyFile = given === undefined ? freeName(keysFolder, now()) : resolve(keysFolder, withExtension(given));
  const within = dirname(keysFolder);
  const newFile = (file: string, bytes: Uint8Array): NewFile => ({ file, name: file, bytes, secret: true, within });
  const fileOf = (keys: NvsKeys) => newFile(keyFile, encodeKeys(keys));
  if (!args.flag('key_protect_hmac')) {
    const keys = keysFromRandom(randomBytes(64));
    return ok({ keys, files: [fileOf(keys)] });
  }
  const name = args.text('kp_hmac_inputkey');
  const hmacKey = name === undefined ? ok(new Uint8Array(randomBytes(32))) : readFile(cwd, name);
  if (!hmacKey.ok) return hmacKey;
  const keys = keysFromHmac(hmacKey.value);
  if (!keys.ok) {
    const place = { file: resolve(cwd, name ?? '') };
    return fail(diagnostic('nvs-key-file', `${printable(name ?? '')}: ${keys.error}`, { place }));
  }
  if (name !== undefined) return ok({ keys: keys.value, files: [fileOf(keys.value)] });
  const hmacName = args.text('kp_hmac_keyfile');
  const hmacFile =
    hmacName === undefined
      ? join(dirname(keyFile), `hmac-${basename(keyFile)}`)
      : resolve(keysFolder, withExtension(hmacName));
  if (hmacFile === keyFile) {
    return fail(diagnostic('usage', '--keyfile and --kp_hmac_keyfile name the same file', { hint: 'name two files' }));
  }
  return ok({ keys: keys.value, files: [fileOf(keys.value), newFile(hmacFile, hmacKey.value)] });
}

function contradiction(args: Arguments): Diagnostic | undefined {
  const [isMade, input] = [args.flag('kp_hmac_keygen'), args.text('kp_hmac_inputkey')];
  if (!args.flag('key_protect_hmac')) {
    const isAsked = isMade || input !== undefined || args.text('kp_hmac_keyfile') !== undefined;
    const hint = 'add --key_protect_hmac';
    return isAsked ? diagnostic('usage', 'an HMAC key is named, but not asked for', { hint }) : undefined;
  }
  if (isMade === (input !== undefined)) {
    const message = `--key_protect_hmac needs ${isMade ? 'only one' : 'one'} of --kp_hmac_keygen and --kp_hmac_inputkey FILE`;
    return diagnostic('usage', message);
  }
  if (!isMade && args.text('kp_hmac_keyfile') !== undefined) {
    const hint = 'leave it out, or add --kp_hmac_keygen instead of --kp_hmac_inputkey';
    return diagnostic('usage', '--kp_hmac_keyfile is where a new HMAC key goes, and none is made', { hint });
  }
  return undefined;
}

const withExtension = (name: string): string => (extname(name) === '' ? `${name}.bin` : name);

/** `keys-11-21_02-22.bin` as the reference has it, in local time; a second one in the same minute gets a number. */
function freeName(folder: string, time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const stem = `keys-${day}_${two(time.getHours())}-${two(time.getMinutes())}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${stem}.bin` : `${stem}-${number}.bin`;
    if (![name, `hmac-${name}`].some((taken) => isTaken(join(folder, taken)))) return join(folder, name);
  }
}
