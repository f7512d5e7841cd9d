import { ok } from '../../core/result.ts';
import { type DecodedItem, type Entry, type Format, type Item, kindOf } from '../format.ts';
import { contentOf, entryWith } from './content.ts';
import { decode, isNvsImage, recognises } from './decode.ts';
import { encode } from './encode.ts';
import { pageSize, reservedPages, slotOffset, slotSize, slotsPerPage } from './layout.ts';
import { locate } from './locate.ts';
import { isNvsType, type NvsEntry, type NvsWriting } from './model.ts';

/** An NVS partition: the mfg_nvs of ESP-AT v3.1 and later. The work is done in `nvs/`; this is its place among the formats. */
export const nvs: Format<NvsWriting> = {
  name: 'nvs',
  title: 'NVS image',
  // One page stays erased, and of each other one the head and the bitmap are not for content.
  capacity: (size) => Math.max(0, size / pageSize - reservedPages) * slotsPerPage * slotSize,
  encode(entries, { size, settings }) {
    const encoded = encode({ entries: entries.map(nvsEntryOf) }, { size, ...settings });
    if (!encoded.ok) return encoded;
    const { image, room, items } = encoded.value;
    const { used, stranded } = room.slots;
    const offsets = new Map<number, number>();
    for (const { entry, page, slot } of items) {
      if (entry !== undefined && !offsets.has(entry)) offsets.set(entry, slotOffset(page, slot));
    }
    const shown = entries.map((entry, index) => itemOf(entry, index, offsets.get(index) ?? 0));
    return ok({ image, used: (used + stranded) * slotSize, items: shown, room });
  },
  decode(image) {
    const decoded = decode(image);
    if (!decoded.ok) return decoded;
    const items = decoded.value.entries.map((entry, id): DecodedItem => {
      const bytes = contentOf(entry);
      const { namespace, key } = entry;
      return { kind: kindOf(namespace) ?? 'data', id, offset: 0, length: bytes.length, namespace, key, bytes };
    });
    return ok(items);
  },
  recognises,
  isImage: isNvsImage,
  find: locate,
  // A build does not open images.
  open: async (input, request) => (await import('./open.ts')).openNvs(input, request),
  values: async () => (await import('./values.ts')).nvsValues,
  keysFiles: true,
};

/** The entry in the terms of NVS. Whatever plans an NVS image gives each a place. */
function nvsEntryOf({ name, bytes, storedAs }: Entry): NvsEntry {
  if (storedAs === undefined) throw new Error(`${name} has no place in the NVS image`);
  const { type } = storedAs;
  if (!isNvsType(type)) throw new Error(`${name} has the type ${type}, which NVS does not know`);
  return entryWith({ ...storedAs, type }, bytes);
}

function itemOf({ name, kind, bytes, storedAs, normalized }: Entry, id: number, offset: number): Item {
  const { namespace = '', key = '' } = storedAs ?? {};
  return { kind, id, offset, length: bytes.length, namespace, key, name, normalized };
}
