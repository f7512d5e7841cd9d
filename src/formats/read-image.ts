import { resolve } from 'node:path';
import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import { kindOfPath, whyNoFile } from '../files/path-kind.ts';
import { unreadable } from '../files/read-problem.ts';
import { readStable } from '../files/read-stable.ts';
import type { DecodedItem, Format } from './format.ts';
import { formats } from './index.ts';
import type { Input } from './input.ts';

export interface ReadImage {
  readonly format: Format;
  /** Bytes of all that was read. */
  readonly size: number;
  readonly items: readonly DecodedItem[];
}

/** The format that an image's first bytes tell. */
export const formatOf = (bytes: Uint8Array): Format | undefined =>
  Object.values(formats).find((format) => format.recognises(bytes));

/** Decodes an image of whatever format it is; a dump of a partition, with erased flash behind the image, too. */
export function decodeImage({ name, bytes, place }: Input): Result<ReadImage, Diagnostic> {
  const details = place && { place };
  const shown = printable(name);
  const format = formatOf(bytes);
  if (format === undefined) return fail(diagnostic('image-unknown', `${shown} ${whyUnknown(bytes)}`, details));
  const decoded = format.decode(withoutErasedTail(bytes, format));
  if (decoded.ok) return ok({ format, size: bytes.length, items: decoded.value });
  const { offset, message } = decoded.error;
  return fail(diagnostic('image-broken', `${shown}: ${message} (at offset ${hex(offset)})`, details));
}

function whyUnknown(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty';
  if (bytes.every((byte) => byte === 0xff)) return 'is erased flash (FF from start to end): nothing was written there';
  const known = Object.keys(formats).filter((name) => name !== 'raw');
  return `is not an image known here (${known.join(', ')})`;
}

/** Reads a file that the user named on the command line. */
export function readFile(cwd: string, name: string): Result<Uint8Array, Diagnostic> {
  const file = resolve(cwd, name);
  const content = readStable(file);
  if (content.ok) return content;
  const kind = kindOfPath(file);
  if (kind !== 'file') return fail(whyNoFile(file, kind, printable(name)));
  return fail(unreadable(file, printable(name), content.error));
}

function withoutErasedTail(bytes: Uint8Array, format: Format): Uint8Array {
  const end = format.extent?.(bytes);
  if (end === undefined || end >= bytes.length) return bytes;
  return bytes.subarray(end).every((byte) => byte === 0xff) ? bytes.subarray(0, end) : bytes;
}

/** A file that the user named on the command line. */
export function readInput(cwd: string, name: string): Result<Input, Diagnostic> {
  const content = readFile(cwd, name);
  return content.ok ? ok({ name, bytes: content.value, place: { file: resolve(cwd, name) } }) : content;
}
