import { alignUp, concat, erased, hex, viewOf } from '../../core/bytes.ts';
import type { DecodeProblem } from '../../core/result.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { count, grouped } from '../../core/text.ts';
import type { DecodedItem, Entry, Format, Item, Kind, Packed } from '../format.ts';
import type { PackProblem } from '../pack-problem.ts';

/*
 * The PKI bin of ESP-AT v1.1 to v3.0 and of every ESP8266 release, as tools/AtPKI.py of esp-at lays it out.
 * All fields are little-endian:
 *
 *   header   0  u16  magic, bytes F1 F1
 *            2  u16  number of items
 *            4  u32  bytes that follow this header
 *   item     0  u8   type: 1 CA, 2 certificate, 3 private key
 *            1  u8   ID, counted from 0 within one type
 *            2  u16  content length, padding not counted
 *            4  …    content, then FF up to a multiple of 4
 *
 * Items stand grouped by type, the types in the order of their first appearance.
 */
const magic = 0xf1f1;
const headerSize = 8;
const itemHeaderSize = 4;
const typeOf: ReadonlyMap<Kind, number> = new Map([
  ['ca', 1],
  ['cert', 2],
  ['key', 3],
]);
const kindOf: ReadonlyMap<number, Kind> = new Map([...typeOf].map(([kind, type]) => [type, kind]));

export const maxItemLength = 0xffff;
const maxItemsOfOneKind = 256;
const maxItems = 0xffff;

function encode(entries: readonly Entry[]): Result<Packed, readonly PackProblem[]> {
  const problems = limitsExceeded(entries);
  if (problems.length > 0) return fail(problems);

  const header = new Uint8Array(headerSize);
  const parts: Uint8Array[] = [header];
  const items: Item[] = [];
  let offset = headerSize;
  for (const group of groupedByKind(entries)) {
    for (const [id, { name, kind, bytes, normalized }] of group.entries()) {
      const itemHeader = new Uint8Array(itemHeaderSize);
      itemHeader.set([typeOf.get(kind) ?? 0, id]);
      viewOf(itemHeader).setUint16(2, bytes.length, true);
      parts.push(itemHeader, bytes, erased(padding(bytes.length)));
      items.push({ kind, id, offset, length: bytes.length, name, normalized });
      offset += itemHeaderSize + alignUp(bytes.length, 4);
    }
  }
  const view = viewOf(header);
  view.setUint16(0, magic, true);
  view.setUint16(2, items.length, true);
  view.setUint32(4, offset - headerSize, true);
  return ok({ image: concat(parts), used: offset, items });
}

const padding = (length: number): number => alignUp(length, 4) - length;

/** The reference lets each of these wrap around and writes a bin that no device can read. */
function limitsExceeded(entries: readonly Entry[]): PackProblem[] {
  const problems: PackProblem[] = [];
  for (const [index, { name, kind, bytes }] of entries.entries()) {
    if (!typeOf.has(kind)) {
      problems.push({ code: 'item-kind', message: `${name} is neither a CA, a certificate nor a key`, entry: index });
    }
    if (bytes.length > maxItemLength) {
      const message = `${name} has ${grouped(bytes.length)} bytes; an item of a PKI bin holds at most ${grouped(maxItemLength)}`;
      problems.push({ code: 'item-size', message, entry: index });
    }
  }
  for (const group of groupedByKind(entries)) {
    if (group.length > maxItemsOfOneKind) {
      const message = `${count(group.length, 'file')} of type ${group[0]?.kind}; a PKI bin numbers at most ${maxItemsOfOneKind} of one type`;
      problems.push({ code: 'item-count', message });
    }
  }
  if (entries.length > maxItems) {
    const message = `${count(entries.length, 'file')}; a PKI bin counts at most ${grouped(maxItems)}`;
    problems.push({ code: 'item-count', message });
  }
  return problems;
}

function groupedByKind(entries: readonly Entry[]): Iterable<readonly Entry[]> {
  const groups = new Map<Kind, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.kind);
    if (group) group.push(entry);
    else groups.set(entry.kind, [entry]);
  }
  return groups.values();
}

function decode(image: Uint8Array): Result<readonly DecodedItem[], DecodeProblem> {
  const problem = (offset: number, message: string) => fail({ offset, message });
  if (image.length < headerSize) {
    return problem(image.length, `ends after ${count(image.length, 'byte')}; the header alone takes ${headerSize}`);
  }
  const view = viewOf(image);
  if (view.getUint16(0, true) !== magic) {
    return problem(0, `starts with ${hex(view.getUint16(0, false))}, a PKI bin with 0xf1f1`);
  }
  const announcedItems = view.getUint16(2, true);
  const announcedLength = view.getUint32(4, true);
  if (announcedLength !== image.length - headerSize) {
    const message = `says that ${count(announcedLength, 'byte')} follow, but there are ${grouped(image.length - headerSize)}`;
    return problem(4, message);
  }
  const items: DecodedItem[] = [];
  let offset = headerSize;
  while (offset < image.length) {
    if (offset + itemHeaderSize > image.length) return problem(offset, 'ends within the header of an item');
    const kind = kindOf.get(view.getUint8(offset));
    if (kind === undefined) {
      return problem(offset, `item type ${view.getUint8(offset)} is unknown; 1 is a CA, 2 a certificate, 3 a key`);
    }
    const length = view.getUint16(offset + 2, true);
    const start = offset + itemHeaderSize;
    const end = start + alignUp(length, 4);
    if (end > image.length) {
      const message = `an item of ${count(length, 'byte')} starts here, but only ${grouped(image.length - start)} are left`;
      return problem(offset, message);
    }
    const bytes = image.subarray(start, start + length);
    items.push({ kind, id: view.getUint8(offset + 1), offset, length, bytes });
    offset = end;
  }
  if (items.length !== announcedItems) {
    return problem(2, `says ${count(announcedItems, 'item')}, but ${items.length} are there`);
  }
  return ok(items);
}

export const atpki = {
  name: 'atpki',
  title: 'PKI bin',
  // The firmware refuses an item area beyond the partition's size less the header: the header counts.
  capacity: (size: number) => size,
  encode,
  decode,
  extent: (image: Uint8Array) =>
    image.length < headerSize ? undefined : headerSize + viewOf(image).getUint32(4, true),
  recognises: (image: Uint8Array) => image.length >= 2 && image[0] === 0xf1 && image[1] === 0xf1,
  addsNul: true,
} satisfies Format;
