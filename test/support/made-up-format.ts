import { concat, viewOf } from '../../src/core/bytes.ts';
import { fail, ok } from '../../src/core/result.ts';
import type { DecodedItem, Entry, Format, Item } from '../../src/formats/format.ts';
import { formats } from '../../src/formats/index.ts';

const kinds = ['ca', 'cert', 'key', 'data'] as const;
const magic = Buffer.from('MADE');

/** A format that exists in tests alone: the magic, then items of a kind, a length of 16 bits and content. */
export const madeUp: Format = {
  name: 'made-up',
  title: 'made-up image',
  capacity: (size) => size,
  encode(entries: readonly Entry[]) {
    const parts: Uint8Array[] = [magic];
    const items: Item[] = [];
    let offset = magic.length;
    for (const [id, { name, kind, bytes }] of entries.entries()) {
      const header = new Uint8Array(3);
      header[0] = kinds.indexOf(kind);
      viewOf(header).setUint16(1, bytes.length, true);
      parts.push(header, bytes);
      items.push({ kind, id, offset, length: bytes.length, name });
      offset += 3 + bytes.length;
    }
    return ok({ image: concat(parts), used: offset, items });
  },
  decode(image) {
    const items: DecodedItem[] = [];
    for (let offset = magic.length; offset < image.length && image[offset] !== 0xff; ) {
      const kind = kinds[image[offset] ?? 4];
      const length = viewOf(image).getUint16(offset + 1, true);
      if (kind === undefined) return fail({ offset, message: 'no such kind' });
      const bytes = image.subarray(offset + 3, offset + 3 + length);
      items.push({ kind, id: items.length, offset, length, bytes });
      offset += 3 + length;
    }
    return ok(items);
  },
  recognises: (image) => magic.equals(image.subarray(0, magic.length)),
};

/** Registers a format for the tests of this process. */
export function register(format: Format): void {
  Object.assign(formats as Record<string, Format>, { [format.name]: format });
}
