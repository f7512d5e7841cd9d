import { resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { printable } from '../../core/text.ts';
import { writeFiles } from '../../files/write-files.ts';
import type { Room } from '../../formats/format.ts';
import { encrypt } from '../../formats/nvs/crypto.ts';
import { type Edit, settingsOf } from '../../formats/nvs/edit.ts';
import { encode } from '../../formats/nvs/encode.ts';
import { pageSize } from '../../formats/nvs/layout.ts';
import type { NvsProblem, NvsSettings } from '../../formats/nvs/model.ts';
import { type NvsFile, rangeText, readNvs } from '../../formats/nvs/read.ts';
import { holdsSecret } from '../../formats/nvs/secret.ts';
import type { Arguments } from '../command.ts';
import { sourceOf } from './options.ts';

export interface Edited {
  readonly room: Room;
  readonly diagnostics: readonly Diagnostic[];
}

/** Changes the image that a command line names, in its file: whole or not at all. */
export function editInPlace(args: Arguments, cwd: string, edit: Edit): Result<Edited, readonly Diagnostic[]> {
  const [name = ''] = args.words;
  const read = readNvs(cwd, name, sourceOf(args));
  if (!read.ok) return fail([read.error]);
  const file = resolve(cwd, name);
  const { input, range, isSure, keys, decoded, diagnostics } = read.value;
  const refuse = (more: readonly Diagnostic[]) => fail([...diagnostics, ...more]);
  const place = { file };
  if (!isSure) {
    const message = `${printable(name)} holds more than the NVS image at ${rangeText(range)}`;
    return fail([diagnostic('nvs-place', message, { place, hint: 'say which part to change: --offset and --size' })]);
  }
  const toDiagnostic = ({ code, message, hint }: NvsProblem) => diagnostic(code, message, { place, hint });
  const changed = edit(decoded);
  if (!changed.ok) return refuse(changed.error.map(toDiagnostic));
  const encoded = encode(changed.value, settingsFor(read.value));
  if (!encoded.ok) return refuse(encoded.error.map(toDiagnostic));
  const { image, room } = encoded.value;
  const written = keys === undefined ? ok(image) : encrypt(image, keys);
  if (!written.ok) return refuse([toDiagnostic(written.error)]);

  const whole = input.bytes.slice();
  whole.fill(0xff, range.offset, range.offset + decoded.pages.length * pageSize);
  whole.set(written.value, range.offset);
  const result = writeFiles([{ file, name, bytes: whole, secret: holdsSecret(changed.value) }]);
  return result.ok ? ok({ room, diagnostics }) : refuse([result.error]);
}

/**
 * As the image was made. One of the legacy profile has all of its pages begun but the last, so that what follows a
 * second erased one is flash behind its partition; where all pages are filled to the brim nothing tells the profiles
 * apart, and the new one is right in a partition of any size.
 */
function settingsFor({ decoded }: NvsFile): NvsSettings {
  const settings = settingsOf(decoded);
  if (settings.profile !== 'legacy') return settings;
  const begun = decoded.pages.filter(({ version }) => version !== undefined);
  if (begun.every(({ free }) => free === 0)) return { ...settings, profile: 'new' };
  const last = decoded.pages.findLastIndex(({ state }) => state !== 'empty');
  return { ...settings, size: Math.min(settings.size, (last + 2) * pageSize) };
}
