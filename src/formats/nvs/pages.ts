import { hex, viewOf } from '../../core/bytes.ts';
import { count } from '../../core/text.ts';
import { crcOf, headCrc, pageCrc } from './crc.ts';
import {
  bitmapOffset,
  dataSlots,
  type NvsVersion,
  pageOffset,
  pageSize,
  pageState,
  slotOffset,
  slotSize,
  slotState,
  slotsPerPage,
  typeCode,
  versionByte,
} from './layout.ts';

/** `corrupt`: the header is wrong; the firmware erases such a page before it uses it. */
export type PageState = keyof typeof pageState | 'corrupt';

export interface PageInfo {
  /** Position in the image, from 0. */
  readonly page: number;
  readonly state: PageState;
  /** Absent for empty and corrupt pages. */
  readonly sequence?: number;
  readonly version?: NvsVersion;
  /** Slots, by what the page's bitmap says of them; none of either in a corrupt page. */
  readonly used: number;
  readonly erased: number;
  readonly free: number;
}

/** Something in an image that a device would not read, or not as it stands. */
export interface NvsWarning {
  readonly reason: 'page' | 'crc' | 'torn' | 'unreadable' | 'duplicate' | 'orphan';
  readonly message: string;
  /** Position of the page in the image, from 0. */
  readonly page: number;
  /** From 0. */
  readonly slot?: number;
}

/** An item whose checksums are right, not yet resolved: blobs in chunks, namespaces as numbers. */
export interface RawItem {
  readonly page: number;
  readonly slot: number;
  readonly code: number;
  readonly namespaceIndex: number;
  readonly chunk: number;
  readonly key: string;
  /** The eight bytes at the end of its head. */
  readonly field: DataView;
  /** What follows the head; empty for integers and blob indexes. */
  readonly data: Uint8Array;
  /** In a page that was being emptied: what stands there may have been copied already. */
  readonly freeing: boolean;
}

export interface PageContent {
  readonly info: PageInfo;
  readonly items: readonly RawItem[];
  readonly warnings: readonly NvsWarning[];
  /** Written slots whose head has a wrong checksum. */
  readonly unreadable: number;
}

const stateNames = new Map<number, PageState>([
  [pageState.active, 'active'],
  [pageState.full, 'full'],
  [pageState.freeing, 'freeing'],
]);
const versions = new Map<number, NvsVersion>([
  [versionByte[1], 1],
  [versionByte[2], 2],
]);
const withData = new Set<number>([typeCode.string, typeCode.wholeBlob, typeCode.blobData]);
const withoutData = new Set<number>(Object.values(typeCode).filter((code) => !withData.has(code)));

/** Whether a page of the image has a valid header. */
export function hasHeader(image: Uint8Array, page: number): boolean {
  const at = pageOffset(page);
  const view = viewOf(image);
  return stateNames.has(view.getUint32(at, true)) && pageCrc(image, at) === view.getUint32(at + 28, true);
}

/** Reads one page of any image, however broken. `page` must lie wholly within it. */
export function readPage(image: Uint8Array, page: number): PageContent {
  const at = pageOffset(page);
  const view = viewOf(image);
  const stateWord = view.getUint32(at, true);
  if (stateWord === pageState.empty) return readUnusedPage(image, page);

  const corrupt = (message: string): PageContent => ({
    info: { page, state: 'corrupt', used: 0, erased: 0, free: 0 },
    items: [],
    warnings: [{ reason: 'page', page, message: `page ${page} is skipped: ${message}` }],
    unreadable: 0,
  });
  const state = stateNames.get(stateWord);
  if (pageCrc(image, at) !== view.getUint32(at + 28, true)) return corrupt('the checksum of its header is wrong');
  if (state === undefined) return corrupt(`its state is ${hex(stateWord)}, given up`);
  const version = versions.get(image[at + 8] ?? 0);
  if (version === undefined) return corrupt(`its version byte is ${hex(image[at + 8] ?? 0)}; 0xfe is 2, 0xff is 1`);

  const slots = Array.from({ length: slotsPerPage }, (_, slot) => slotStateOf(image, page, slot));
  const tally = (wanted: number) => slots.reduce((sum, one) => sum + (one === wanted ? 1 : 0), 0);
  const [used, free] = [tally(slotState.written), tally(slotState.empty)];
  const sequence = view.getUint32(at + 4, true);
  const info = { page, state, sequence, version, used, erased: slotsPerPage - used - free, free };
  return { info, ...readSlots(image, page, slots, state === 'freeing') };
}

/** A slot counts as erased unless both of its bits, or the upper one alone, are set. */
export function slotStateOf(image: Uint8Array, page: number, slot: number): number {
  const bits = ((image[pageOffset(page) + bitmapOffset + (slot >> 2)] ?? 0) >> ((slot % 4) * 2)) & 3;
  return bits === slotState.empty || bits === slotState.written ? bits : slotState.erased;
}

function readUnusedPage(image: Uint8Array, page: number): PageContent {
  const at = pageOffset(page);
  const nothing = { items: [], unreadable: 0 };
  if (isErased(image, at, at + pageSize)) {
    return { info: { page, state: 'empty', used: 0, erased: 0, free: slotsPerPage }, warnings: [], ...nothing };
  }
  const message = `page ${page} is skipped: it says that it is unused, but it is not erased`;
  const info = { page, state: 'corrupt', used: 0, erased: 0, free: 0 } as const;
  return { info, warnings: [{ reason: 'page', page, message }], ...nothing };
}

function readSlots(
  image: Uint8Array,
  page: number,
  slots: readonly number[],
  freeing: boolean,
): Pick<PageContent, 'items' | 'warnings' | 'unreadable'> {
  const items: RawItem[] = [];
  const warnings: NvsWarning[] = [];
  const warn = (reason: NvsWarning['reason'], slot: number, message: string) => {
    warnings.push({ reason, page, slot, message: `page ${page}, slot ${slot}: ${message}` });
  };
  const view = viewOf(image);
  let unreadable = 0;
  let badRun = 0;
  const endBadRun = (slot: number) => {
    if (badRun > 0) {
      warn('crc', slot - badRun, `${count(badRun, 'slot')} skipped: no entry with a right checksum starts there`);
    }
    badRun = 0;
  };

  for (let slot = 0; slot < slotsPerPage; ) {
    const at = slotOffset(page, slot);
    if (slots[slot] !== slotState.written) {
      endBadRun(slot);
      if (slots[slot] === slotState.empty && !isErased(image, at, at + slotSize)) {
        warn('torn', slot, 'has data, but was never marked as written');
      }
      slot++;
      continue;
    }
    if (headCrc(image, at) !== view.getUint32(at + 4, true)) {
      // What its span says cannot be trusted either: the next entry is looked for in the next slot.
      unreadable++;
      badRun++;
      slot++;
      continue;
    }
    endBadRun(slot);
    const code = image[at + 1] ?? 0;
    const span = image[at + 2] ?? 0;
    const key = keyAt(image, at + 8);
    const length = withData.has(code) ? view.getUint16(at + 24, true) : 0;
    const data = image.subarray(at + slotSize, at + slotSize + length);
    const name = key === undefined ? 'an entry' : JSON.stringify(key);
    if (key === undefined) {
      warn('unreadable', slot, 'the key is no text of at most 15 bytes; the entry is skipped');
    } else if (!withData.has(code) && !withoutData.has(code)) {
      warn('unreadable', slot, `${name} has the unknown type ${hex(code)} and is skipped`);
    } else if (span !== 1 + dataSlots(length) || slot + span > slotsPerPage) {
      warn(
        'unreadable',
        slot,
        `${name} of ${count(length, 'byte')} cannot take ${count(span, 'slot')} here and is skipped`,
      );
      slot++;
      continue;
    } else if (slots.slice(slot, slot + span).some((one) => one !== slotState.written)) {
      warn('torn', slot, `${name} was not written to its end and is skipped`);
    } else if (withData.has(code) && crcOf(data) !== view.getUint32(at + 28, true)) {
      warn('crc', slot, `${name} is skipped: the checksum of its ${count(length, 'byte')} is wrong`);
    } else {
      const field = new DataView(image.buffer, image.byteOffset + at + 24, 8);
      const [namespaceIndex = 0, , , chunk = 0] = image.subarray(at, at + 4);
      items.push({ page, slot, code, namespaceIndex, chunk, key, field, data, freeing });
    }
    slot += Math.max(1, span);
  }
  endBadRun(slotsPerPage);
  return { items, warnings, unreadable };
}

let utf8: InstanceType<typeof TextDecoder> | undefined;

/** The text of bytes, or undefined where they are not the UTF-8 of any. */
export function textOf(bytes: Uint8Array): string | undefined {
  utf8 ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function keyAt(image: Uint8Array, at: number): string | undefined {
  const field = image.subarray(at, at + 16);
  const end = field.indexOf(0);
  return end < 0 ? undefined : textOf(field.subarray(0, end));
}

function isErased(image: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (image[at] !== 0xff) return false;
  return true;
}
