import { resolve } from 'node:path';
import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import type { DecodedItem, Format } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import { kindOfPath, whyNoFile } from './path-kind.ts';
import { unreadable } from './read-problem.ts';
import { readStable } from './read-stable.ts';

export interface ReadImage {
  readonly format: Format;
  /** Bytes of the file. */
  readonly size: number;
  readonly items: readonly DecodedItem[];
}

/** Reads an image file of whatever format it is; a dump of a partition, with erased flash behind the image, too. */
export function readImage(cwd: string, name: string): Result<ReadImage, Diagnostic> {
  const content = readFile(cwd, name);
  if (!content.ok) return fail({ ...content.error, code: 'image-unreadable' });
  const bytes = content.value;
  const place = { file: resolve(cwd, name) };
  const format = Object.values(formats).find((one) => one.recognises(bytes));
  if (format === undefined) {
    const known = Object.keys(formats).filter((one) => one !== 'raw');
    return fail(
      diagnostic('image-unknown', `${name} is not an image known here`, {
        place,
        hint: `formats: ${known.join(', ')}`,
      }),
    );
  }
  const decoded = format.decode(withoutErasedTail(bytes, format));
  if (!decoded.ok) {
    const { offset, message } = decoded.error;
    return fail(diagnostic('image-broken', `${name}: ${message} (at offset ${hex(offset)})`, { place }));
  }
  return ok({ format, size: bytes.length, items: decoded.value });
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
