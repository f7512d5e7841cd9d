import type { NvsVersion } from './layout.ts';
import { dataSlots, noChunk, slotSize, slotsPerPage, typeCode } from './layout.ts';
import { type IntegerType, type NvsContent, namespacesOf } from './model.ts';

/** One item as it lies in flash: an entry's head with the data that follows it. A version 2 blob makes several. */
export interface Item {
  readonly page: number;
  readonly slot: number;
  readonly span: number;
  readonly namespaceIndex: number;
  readonly key: string;
  readonly chunk: number;
  readonly body: Body;
  /** Index of the entry it belongs to; undefined for a namespace. */
  readonly entry: number | undefined;
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
  /** Whose items are put: an entry, or none for a namespace. */
  let entry: number | undefined;

  const newPage = () => {
    page++;
    used = 0;
    usedInPage.push(0);
  };
  const newPageIfFull = () => {
    if (used === slotsPerPage) newPage();
  };
  const put = (namespaceIndex: number, key: string, chunk: number, body: Body) => {
    const span = body.kind === 'data' ? 1 + dataSlots(body.data.length) : 1;
    items.push({ page, slot: used, span, namespaceIndex, key, chunk, body, entry });
    used += span;
    usedInPage[page] = used;
  };

  const namespaces = namespacesOf(content);
  const indexOf = new Map(namespaces.map((name, index) => [name, index + 1]));
  let defined = 0;
  const defineUpTo = (index: number) => {
    while (defined < index) {
      const name = namespaces[defined] ?? '';
      defined++;
      newPageIfFull();
      put(0, name, noChunk, { kind: 'integer', type: 'u8', value: defined });
    }
  };

  const putWhole = (namespaceIndex: number, key: string, code: number, data: Uint8Array) => {
    if (used + 1 + dataSlots(data.length) >= slotsPerPage) newPage();
    put(namespaceIndex, key, noChunk, { kind: 'data', code, data });
  };
  const putInChunks = (namespaceIndex: number, key: string, blob: Uint8Array) => {
    let at = 0;
    let chunks = 0;
    newPageIfFull();
    do {
      if (chunks > 0) newPage();
      const data = blob.subarray(at, at + (slotsPerPage - used - 1) * slotSize);
      put(namespaceIndex, key, chunks, { kind: 'data', code: typeCode.blobData, data });
      at += data.length;
      chunks++;
    } while (at < blob.length);
    newPageIfFull();
    put(namespaceIndex, key, noChunk, { kind: 'blobIndex', size: blob.length, chunks, start: 0 });
  };

  for (const [index, one] of content.entries.entries()) {
    const namespaceIndex = indexOf.get(one.namespace) ?? 0;
    entry = undefined;
    defineUpTo(namespaceIndex);
    entry = index;
    if (one.type === 'string') putWhole(namespaceIndex, one.key, typeCode.string, withNul(one.value));
    else if (one.type !== 'blob') {
      newPageIfFull();
      put(namespaceIndex, one.key, noChunk, { kind: 'integer', type: one.type, value: one.value });
    } else if (version === 1) putWhole(namespaceIndex, one.key, typeCode.wholeBlob, one.value);
    else putInChunks(namespaceIndex, one.key, one.value);
  }
  entry = undefined;
  defineUpTo(namespaces.length);
  return { items, pages: usedInPage.length, usedInPage };
}

function withNul(text: string | Uint8Array): Uint8Array {
  if (typeof text === 'string') return utf8.encode(`${text}\0`);
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(text);
  return bytes;
}
