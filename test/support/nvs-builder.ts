import { crcOf, headCrc, pageCrc } from '../../src/formats/nvs/crc.ts';
import { slotSize, slotsPerPage, typeCode } from '../../src/formats/nvs/layout.ts';

/** Builds pages as a device leaves them behind, in any state, one entry after another. */

export interface BuiltItem {
  readonly namespace: number;
  readonly type: keyof typeof typeCode;
  readonly key: string;
  /** The integer, or for a namespace its number. */
  readonly value?: number;
  /** The data of a string, a blob or a chunk. */
  readonly data?: Uint8Array | string;
  readonly chunk?: number;
  /** Of a blob index. */
  readonly size?: number;
  readonly chunks?: number;
  readonly start?: number;
  /** What the bitmap says; `torn`: all but the last slot is marked as written. */
  readonly mark?: 'written' | 'erased' | 'empty' | 'torn';
  /** Breaks a checksum, or states another span. */
  readonly broken?: 'head' | 'data';
  readonly span?: number;
}

export interface BuiltPage {
  readonly state?: number;
  readonly sequence?: number;
  readonly version?: number;
  readonly brokenHeader?: boolean;
  readonly items?: readonly BuiltItem[];
}

export const active = 0xfffffffe;
export const full = 0xfffffffc;
export const freeing = 0xfffffff8;
export const corrupt = 0;

/** Namespace `name` with the number `value`. */
export const namespace = (key: string, value: number): BuiltItem => ({ namespace: 0, type: 'u8', key, value });

/** Pages in the order given; undefined is an erased one. */
export function flash(...pages: readonly (BuiltPage | undefined)[]): Uint8Array {
  const image = new Uint8Array(pages.length * 4096).fill(0xff);
  for (const [index, page] of pages.entries()) {
    if (page) image.set(built({ sequence: index, ...page }), index * 4096);
  }
  return image;
}

function built({ state = active, sequence = 0, version = 0xfe, brokenHeader, items = [] }: BuiltPage): Uint8Array {
  const page = new Uint8Array(4096).fill(0xff);
  const view = new DataView(page.buffer);
  view.setUint32(0, state, true);
  view.setUint32(4, sequence, true);
  page[8] = version;
  view.setUint32(28, pageCrc(page, 0) ^ (brokenHeader ? 1 : 0), true);
  let slot = 0;
  for (const item of items) {
    const data = typeof item.data === 'string' ? new TextEncoder().encode(item.data) : (item.data ?? new Uint8Array());
    const span = 1 + Math.ceil(data.length / slotSize);
    if (slot + span > slotsPerPage) throw new RangeError('the page is full');
    writeItem(page, 64 + slot * slotSize, item, data, span);
    for (let next = slot; next < slot + span; next++) {
      const { mark = 'written' } = item;
      const state = mark === 'torn' && next === slot + span - 1 ? 'empty' : mark;
      if (state === 'empty') continue;
      // One bit cleared is written, both are erased.
      const bits = state === 'erased' ? 0b11 : 0b01;
      page[32 + (next >> 2)]! &= ~(bits << ((next % 4) * 2));
    }
    slot += span;
  }
  return page;
}

function writeItem(page: Uint8Array, at: number, item: BuiltItem, data: Uint8Array, span: number): void {
  const view = new DataView(page.buffer);
  page.set([item.namespace, typeCode[item.type], item.span ?? span, item.chunk ?? 0xff], at);
  page.fill(0, at + 8, at + 24);
  page.set(new TextEncoder().encode(item.key), at + 8);
  if (item.type === 'string' || item.type === 'wholeBlob' || item.type === 'blobData') {
    view.setUint16(at + 24, data.length, true);
    view.setUint32(at + 28, crcOf(data) ^ (item.broken === 'data' ? 1 : 0), true);
    page.set(data, at + slotSize);
  } else if (item.type === 'blobIndex') {
    view.setUint32(at + 24, item.size ?? 0, true);
    page[at + 28] = item.chunks ?? 1;
    page[at + 29] = item.start ?? 0;
  } else {
    view.setUint32(at + 24, (item.value ?? 0) | 0xffffff00, true);
  }
  view.setUint32(at + 4, headCrc(page, at) ^ (item.broken === 'head' ? 1 : 0), true);
}

/** The two items of a blob of one chunk. */
export function blob(index: number, key: string, data: string, start = 0, more: Partial<BuiltItem> = {}): BuiltItem[] {
  return [
    { namespace: index, type: 'blobData', key, data, chunk: start, ...more },
    { namespace: index, type: 'blobIndex', key, size: Buffer.byteLength(data), chunks: 1, start, ...more },
  ];
}
