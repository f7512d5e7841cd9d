import { resolve } from 'node:path';
import { hex } from '../../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { endOf, type Range } from '../../core/range.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { grouped, listed, parseBytes, printable } from '../../core/text.ts';
import { type Input, readFile, readInput } from '../input.ts';
import type { OpenRequest } from '../opened-image.ts';
import { decrypt } from './crypto.ts';
import { decode, type NvsDecoded } from './decode.ts';
import { decodeKeys, type NvsKeys } from './keys.ts';
import { pageSize } from './layout.ts';
import { locate } from './locate.ts';

/** What the command line says of an NVS image. */
export type NvsSource = Omit<OpenRequest, 'cwd'>;

export interface NvsFile {
  /** All that was read. */
  readonly input: Input;
  /** Where in it the image lies. */
  readonly range: Range;
  /** The user said where, or the image is all there is. */
  readonly isSure: boolean;
  /** Absent where the image is not encrypted. */
  readonly keys?: NvsKeys;
  readonly decoded: NvsDecoded;
  /** What is damaged, and where the image was found. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the NVS image in a file. */
export function readNvs(cwd: string, name: string, source: NvsSource): Result<NvsFile, Diagnostic> {
  const input = readInput(cwd, name);
  return input.ok ? nvsIn(cwd, source, input.value) : input;
}

/**
 * Reads the NVS image in what was read: that is the image itself, the dump of its partition, or something larger.
 * A key file is relative to `cwd`.
 */
export function nvsIn(cwd: string, source: NvsSource, input: Input): Result<NvsFile, Diagnostic> {
  const { bytes, place } = input;
  const shown = printable(input.name);
  const found = rangeOf(source, input);
  if (!found.ok) return found;
  const range = found.value;
  const isWhole = range.size === bytes.length;
  const isSure = isWhole || source.offset !== undefined || source.size !== undefined;
  const image = bytes.subarray(range.offset, endOf(range));

  const opened = open(cwd, source, { ...input, bytes: image });
  if (!opened.ok) return opened;
  const { decoded } = opened.value;
  const diagnostics = [...opened.value.diagnostics];
  if (!isSure) {
    const message = `the NVS image in ${shown} is taken to be ${rangeText(range)}; the rest is left out`;
    const hint = 'if it is not, name it by --offset and --size';
    diagnostics.push(diagnostic('nvs-place', message, { severity: 'info', place, hint }));
  }
  for (const { message } of decoded.warnings) diagnostics.push(diagnostic('nvs-damage', message, place && { place }));
  return ok({ input, range, isSure, ...opened.value, diagnostics });
}

/** `0x21000 to 0x3cfff`. */
export const rangeText = (range: Range): string => `${hex(range.offset)} to ${hex(endOf(range) - 1)}`;

type Opened = Pick<NvsFile, 'decoded' | 'keys' | 'diagnostics'>;

function open(cwd: string, source: NvsSource, { name, bytes: image, place }: Input): Result<Opened, Diagnostic> {
  const shown = printable(name);
  const details = place && { place };
  const plain = decode(image);
  if (!plain.ok) {
    const { message, offset } = plain.error;
    return fail(diagnostic('image-broken', `${shown}: ${message} (at offset ${hex(offset)})`, details));
  }
  if (source.key === undefined) {
    if (!plain.value.looksEncrypted) return ok({ decoded: plain.value, diagnostics: [] });
    const message = `${shown} looks encrypted: none of its entries has a right checksum`;
    return fail(diagnostic('nvs-encrypted', message, { ...details, hint: 'name its key file: --key FILE' }));
  }
  const keys = readKeys(cwd, source.key);
  if (!keys.ok) return keys;
  if (!plain.value.looksEncrypted) {
    const message = `${shown} is not encrypted: the key file is not needed`;
    return ok({
      decoded: plain.value,
      diagnostics: [diagnostic('nvs-encrypted', message, { severity: 'info', ...details })],
    });
  }
  const decoded = decode(decrypt(image, keys.value));
  if (decoded.ok && !decoded.value.looksEncrypted) {
    return ok({ decoded: decoded.value, keys: keys.value, diagnostics: [] });
  }
  const message = `the keys of ${printable(source.key)} do not open ${shown}: no entry has a right checksum`;
  const hint = 'name the key file that it was encrypted with, and the image from its very start';
  return fail(diagnostic('nvs-encrypted', message, { ...details, hint }));
}

/** Reads a key file. What is in it is never told. */
export function readKeys(cwd: string, name: string): Result<NvsKeys, Diagnostic> {
  const content = readFile(cwd, name);
  if (!content.ok) return content;
  const keys = decodeKeys(content.value);
  if (keys.ok) return keys;
  const place = { file: resolve(cwd, name) };
  return fail(diagnostic('nvs-key-file', `${printable(name)}: ${keys.error.message}`, { place }));
}

function rangeOf(source: NvsSource, input: Input): Result<Range, Diagnostic> {
  const { name, bytes, place } = input;
  const shown = printable(name);
  if (source.offset !== undefined || source.size !== undefined) return named(source, input);
  const [first, ...others] = locate(bytes);
  // Whatever it is then, decoding says what is wrong with it.
  if (first === undefined) return ok({ offset: 0, size: bytes.length });
  if (others.length === 0) return ok(first);
  const places = listed([first, ...others].map(rangeText));
  const message = `${shown} holds ${grouped(others.length + 1)} NVS images: ${places}`;
  return fail(diagnostic('nvs-place', message, { place, hint: 'choose one by --offset and --size' }));
}

function named({ offset: offsetText = '0', size: sizeText }: NvsSource, { name, bytes }: Input) {
  const offset = parseBytes(offsetText);
  const size = sizeText === undefined ? undefined : parseBytes(sizeText);
  if (offset === undefined || offset % pageSize !== 0) {
    return fail(diagnostic('usage', `--offset ${printable(offsetText)} is no multiple of ${grouped(pageSize)}`));
  }
  if (sizeText !== undefined && (size === undefined || size === 0 || size % pageSize !== 0)) {
    return fail(diagnostic('usage', `--size ${printable(sizeText)} is no multiple of ${grouped(pageSize)}`));
  }
  const range = { offset, size: size ?? bytes.length - offset };
  if (endOf(range) > bytes.length || range.size <= 0) {
    const message = `${printable(name)} ends at ${hex(bytes.length)}, within or before what --offset and --size name`;
    return fail(diagnostic('usage', message));
  }
  return ok(range);
}
