import type { NvsVersion } from './layout.ts';
import { chunkStarts, dataSlots, maxChunk, noChunk, slotSize, slotsPerPage, typeCode } from './layout.ts';
import { type IntegerType, isInteger, type NvsContent, type NvsEntry, namespacesOf } from './model.ts';

/** One item as it lies in flash: an entry's head with the data that follows it. A version 2 blob makes several. */
export interface Item {
  readonly page: number;
  readonly slot: number;
  readonly span: number;
  readonly namespaceIndex: number;
  readonly key: string;
  readonly chunk: number;
  readonly body: Body;
  /** Index of the entry it belongs to; absent for a namespace. */
  readonly entry?: number;
}

export type Body =
  | { readonly kind: 'integer'; readonly type: IntegerType; readonly value: number | bigint }
  | { readonly kind: 'data'; readonly code: number; readonly data: Uint8Array }
  | { readonly kind: 'blobIndex'; readonly size: number; readonly chunks: number; readonly start: number };

export interface Placement {
  readonly items: readonly Item[];
  /** Pages needed, however many the partition has; at least 1. */
  readonly pages: number;
  /** Slots taken in each of them, from the first on. */
  readonly usedInPage: readonly number[];
}

const utf8 = new TextEncoder();

/**
 * Lays out valid content as the reference generators do, page after page without end: whether it fits is the caller's
 * question. The rules are not the firmware's own, which may fill pages further.
 */
export function place(content: NvsContent, version: NvsVersion): Placement {
  const items: Item[] = [];
  const usedInPage = [0];
  let page = 0;
  let used = 0;

  const newPage = () => {
    page++;
    used = 0;
    usedInPage.push(0);
  };
  const put = (span: number, item: Omit<Item, 'page' | 'slot' | 'span'>) => {
    items.push({ page, slot: used, span, ...item });
    used += span;
    usedInPage[page] = used;
  };
  const newPageIfFull = () => {
    if (used === slotsPerPage) newPage();
  };

  const namespaces = namespacesOf(content);
  const indexOf = new Map(namespaces.map((name, index) => [name, index + 1]));
  let defined = 0;
  const defineUpTo = (index: number) => {
    while (defined < index) {
      const key = namespaces[defined] ?? '';
      defined++;
      newPageIfFull();
      put(1, { namespaceIndex: 0, key, chunk: noChunk, body: { kind: 'integer', type: 'u8', value: defined } });
    }
  };

  for (const [entry, one] of content.entries.entries()) {
    const namespaceIndex = indexOf.get(one.namespace) ?? 0;
    const common = { namespaceIndex, key: one.key, chunk: noChunk, entry };
    defineUpTo(namespaceIndex);
    if (isIntegerEntry(one)) {
      newPageIfFull();
      put(1, { ...common, body: { kind: 'integer', type: one.type, value: one.value } });
    } else if (one.type === 'string' || version === 1) {
      const code = one.type === 'string' ? typeCode.string : typeCode.wholeBlob;
      const data = one.type === 'string' ? withNul(one.value) : one.value;
      const span = 1 + dataSlots(data.length);
      if (used + span >= slotsPerPage) newPage();
      put(span, { ...common, body: { kind: 'data', code, data } });
    } else {
      let at = 0;
      let chunks = 0;
      newPageIfFull();
      do {
        if (chunks > 0) newPage();
        const room = Math.min((slotsPerPage - used - 1) * slotSize, maxChunk);
        const data = one.value.subarray(at, at + room);
        put(1 + dataSlots(data.length), {
          ...common,
          chunk: chunks,
          body: { kind: 'data', code: typeCode.blobData, data },
        });
        at += data.length;
        chunks++;
      } while (at < one.value.length);
      newPageIfFull();
      const size = one.value.length;
      put(1, { ...common, body: { kind: 'blobIndex', size, chunks, start: chunkStarts[0] ?? 0 } });
    }
  }
  defineUpTo(namespaces.length);
  return { items, pages: usedInPage.length, usedInPage };
}

function isIntegerEntry(entry: NvsEntry): entry is Extract<NvsEntry, { type: IntegerType }> {
  return isInteger(entry.type);
}

function withNul(text: string | Uint8Array): Uint8Array {
  if (typeof text === 'string') return utf8.encode(`${text}\0`);
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(text);
  return bytes;
}
