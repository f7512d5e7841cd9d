import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import { decodeTable, isBinaryTable } from '../partition-table/binary.ts';
import type { TableEntry } from '../partition-table/model.ts';
import { isKnown } from '../pki/contents.ts';
import { type Description, describe } from '../pki/describe.ts';
import { pemParts } from '../pki/pem-file.ts';
import type { Format } from './format.ts';
import type { Input } from './input.ts';
import { formatIn, openImage, unknownImage } from './open-image.ts';
import type { OpenedImage, OpenRequest } from './opened-image.ts';

/** What was found: an image, a partition table, or a plain certificate or key. `size` is that of all, in bytes. */
export type Inspection =
  | { readonly what: 'image'; readonly format: Format; readonly image: OpenedImage }
  | {
      readonly what: 'table';
      readonly size: number;
      readonly md5: 'ok' | 'absent';
      readonly entries: readonly TableEntry[];
    }
  | {
      readonly what: 'plain';
      readonly format: 'pem' | 'der';
      readonly size: number;
      readonly contents: readonly Description[];
    };

/** The reason why nothing can be shown; `format` is that of an image that is broken or does not open. */
export interface NoInspection {
  readonly format?: Format;
  readonly problem: Diagnostic;
}

/** Finds out what something is, by its content alone. */
export async function inspectInput(input: Input, request: OpenRequest): Promise<Result<Inspection, NoInspection>> {
  const { name, bytes, place } = input;
  const size = bytes.length;
  const format = formatIn(bytes);
  if (format === undefined && isBinaryTable(bytes)) {
    const table = decodeTable(bytes);
    if (table.ok) return ok({ what: 'table', size, ...table.value });
    const { message, offset } = table.error;
    const problem = `${printable(name)}: ${message} (at offset ${hex(offset)})`;
    return fail({ problem: diagnostic('image-broken', problem, { place }) });
  }
  if (format !== undefined) {
    const image = await openImage(format, input, request);
    return image.ok ? ok({ what: 'image', format, image: image.value }) : fail({ format, problem: image.error });
  }
  const contents = describe(bytes);
  if (!isKnown(contents)) return fail({ problem: unknownImage(input) });
  const isPem = pemParts(bytes).length > 0;
  return ok({ what: 'plain', format: isPem ? 'pem' : 'der', size, contents });
}
