import { erased, viewOf } from '../../core/bytes.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { count, grouped, sizeText } from '../../core/text.ts';
import type { Room } from '../format.ts';
import { crcOf, headCrc, pageCrc } from './crc.ts';
import {
  bitmapOffset,
  largestPartition,
  type NvsVersion,
  pageOffset,
  pageSize,
  pageState,
  reservedPages,
  slotOffset,
  slotSize,
  slotsPerPage,
  smallestPartition,
  typeCode,
  versionByte,
} from './layout.ts';
import { integerBits, type NvsContent, type NvsProblem, type NvsSettings } from './model.ts';
import { type Body, type Item, type Placement, place } from './placement.ts';
import { roomOf } from './room.ts';
import { validate } from './validate.ts';

export interface NvsImage {
  /** As long as the partition. */
  readonly image: Uint8Array;
  readonly room: Room;
  readonly items: readonly Item[];
}

/** Makes the whole image of a partition, unencrypted. Fails with every problem of the content, or with the one of the fit. */
export function encode(content: NvsContent, settings: NvsSettings): Result<NvsImage, readonly NvsProblem[]> {
  const { size, version = 2, profile = 'new' } = settings;
  const problems = [...sizeProblems(size), ...validate(content, version)];
  if (problems.length > 0) return fail(problems);

  const placement = place(content, version);
  const pages = size / pageSize - reservedPages;
  if (placement.pages > pages) return fail([outOfSpace(content, placement, size)]);

  const image = erased(size);
  const view = viewOf(image);
  const begun = profile === 'new' ? placement.pages : pages;
  for (let page = 0; page < begun; page++) {
    const isLast = page === placement.pages - 1;
    const state = profile === 'new' && isLast ? pageState.active : pageState.full;
    writePageHead(image, view, page, state, version, placement.usedInPage[page] ?? 0);
  }
  for (const item of placement.items) writeItem(image, view, item);
  const room = roomOf(placement, size, version);
  return ok({ image, room, items: placement.items });
}

/** Why a partition of that many bytes cannot be an NVS partition. */
function sizeProblems(size: number): NvsProblem[] {
  if (!Number.isSafeInteger(size) || size % pageSize !== 0) {
    return [
      {
        code: 'partition-alignment',
        message: `an NVS partition of ${size} bytes is not a multiple of ${grouped(pageSize)}`,
      },
    ];
  }
  if (size < smallestPartition) {
    const message = `an NVS partition of ${grouped(size)} bytes is too small: the firmware needs at least ${grouped(smallestPartition)}, one page of them erased`;
    return [{ code: 'partition-full', message }];
  }
  if (size > largestPartition) {
    const message = `an NVS partition of ${grouped(size)} bytes is larger than any flash (${sizeText(largestPartition)})`;
    return [{ code: 'partition-outside', message }];
  }
  return [];
}

const largestShown = 3;

function outOfSpace({ entries }: NvsContent, { items, pages, usedInPage }: Placement, size: number): NvsProblem {
  const offered = size / pageSize - reservedPages;
  const needed = (pages - 1) * slotsPerPage + (usedInPage.at(-1) ?? 0);
  const slotsOf = new Map<number, number>();
  for (const { entry, span } of items) {
    if (entry !== undefined) slotsOf.set(entry, (slotsOf.get(entry) ?? 0) + span);
  }
  const shown = [...slotsOf]
    .sort(([, a], [, b]) => b - a)
    .slice(0, largestShown)
    .map(([index, slots]) => `${entries[index]?.namespace}.${entries[index]?.key} (${count(slots, 'slot')})`);
  const have = `${count(needed, 'slot')} on ${count(pages, 'page')}`;
  const offer = `${sizeText(size)} offer ${grouped(offered * slotsPerPage)} on ${offered}`;
  const missing = `${count(needed - offered * slotsPerPage, 'slot')} and ${count(pages - offered, 'page')} missing`;
  return {
    code: 'partition-full',
    message: `the entries need ${have}, ${offer}: ${missing}${shown.length > 0 ? `; the largest: ${shown.join(', ')}` : ''}`,
    hint: `a partition of ${sizeText((pages + reservedPages) * pageSize)} holds them`,
  };
}

function writePageHead(
  image: Uint8Array,
  view: DataView,
  page: number,
  state: number,
  version: NvsVersion,
  used: number,
): void {
  const at = pageOffset(page);
  view.setUint32(at, state, true);
  view.setUint32(at + 4, page, true);
  image[at + 8] = versionByte[version];
  view.setUint32(at + 28, pageCrc(image, at), true);
  // Two bits a slot, 10 for a written one. The last byte's two spare pairs stay erased.
  const bitmap = at + bitmapOffset;
  image.fill(0b10101010, bitmap, bitmap + (used >> 2));
  if (used % 4 > 0) image[bitmap + (used >> 2)] = 0xff ^ (0b01010101 & ((1 << ((used % 4) * 2)) - 1));
}

const utf8 = new TextEncoder();

function writeItem(image: Uint8Array, view: DataView, item: Item): void {
  const at = slotOffset(item.page, item.slot);
  const { body } = item;
  image[at] = item.namespaceIndex;
  image[at + 2] = item.span;
  image[at + 3] = item.chunk;
  image.fill(0, at + 8, at + 24);
  utf8.encodeInto(item.key, image.subarray(at + 8, at + 24));
  switch (body.kind) {
    case 'integer':
      image[at + 1] = typeCode[body.type];
      writeInteger(view, at + 24, body);
      break;
    case 'data':
      image[at + 1] = body.code;
      view.setUint16(at + 24, body.data.length, true);
      view.setUint32(at + 28, crcOf(body.data), true);
      image.set(body.data, at + slotSize);
      break;
    case 'blobIndex':
      image[at + 1] = typeCode.blobIndex;
      view.setUint32(at + 24, body.size, true);
      image[at + 28] = body.chunks;
      image[at + 29] = body.start;
      break;
  }
  view.setUint32(at + 4, headCrc(image, at), true);
}

function writeInteger(view: DataView, at: number, { type, value }: Extract<Body, { kind: 'integer' }>): void {
  const bits = integerBits[type];
  if (bits === 8) view.setUint8(at, Number(value));
  else if (bits === 16) view.setUint16(at, Number(value), true);
  else if (bits === 32) view.setUint32(at, Number(value), true);
  else view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
}
