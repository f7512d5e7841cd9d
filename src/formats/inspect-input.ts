import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import { decodeTable, isBinaryTable } from '../partition-table/binary.ts';
import type { TableEntry } from '../partition-table/model.ts';
import { type Description, describe } from '../pki/describe.ts';
import { pemBlocks } from '../pki/pem.ts';
import type { DecodedItem } from './format.ts';
import type { Input } from './input.ts';
import { decodeImage, formatOf } from './read-image.ts';

/** An item of an image, and what its content says of itself. */
export interface InspectedItem {
  readonly item: DecodedItem;
  readonly contents: readonly Description[];
}

/** What was found: an image, a partition table, or a plain certificate or key. `size` is that of all, in bytes. */
export type Inspection =
  | { readonly what: 'image'; readonly format: string; readonly size: number; readonly items: readonly InspectedItem[] }
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

/** Finds out what something is, by its content alone. */
export function inspectInput(input: Input): Result<Inspection, Diagnostic> {
  const { name, bytes, place } = input;
  const size = bytes.length;
  if (isBinaryTable(bytes)) {
    const table = decodeTable(bytes);
    if (table.ok) return ok({ what: 'table', size, ...table.value });
    const { message, offset } = table.error;
    return fail(
      diagnostic('image-broken', `${printable(name)}: ${message} (at offset ${hex(offset)})`, place && { place }),
    );
  }
  if (formatOf(bytes) === undefined) {
    const contents = describe(bytes);
    if (contents.some(({ what }) => what !== 'data' && what !== 'nothing')) {
      const format = pemBlocks(Buffer.from(bytes).toString('latin1')).length > 0 ? 'pem' : 'der';
      return ok({ what: 'plain', format, size, contents });
    }
  }
  const image = decodeImage(input);
  if (!image.ok) return image;
  const items = image.value.items.map((item) => ({ item, contents: describe(item.bytes) }));
  return ok({ what: 'image', format: image.value.format.name, size, items });
}
