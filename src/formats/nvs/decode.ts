import { viewOf } from '../../core/bytes.ts';
import type { DecodeProblem } from '../../core/result.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { count } from '../../core/text.ts';
import { type BlobPart, joinBlob } from './blob.ts';
import { pageCrc } from './crc.ts';
import { maxNamespaces, pageSize, pageState, typeCode, versionByte } from './layout.ts';
import { type IntegerType, integerBits, integerTypes, isBig, isSigned, type NvsEntry, type NvsValue } from './model.ts';
import { hasHeader, type NvsWarning, type PageInfo, type RawItem, readPage, textOf } from './pages.ts';

export interface NvsDecoded {
  /** In the order of their indexes. */
  readonly namespaces: readonly string[];
  /** In the order in which they were written, each key and type once: the newest. */
  readonly entries: readonly NvsEntry[];
  /** In the order in which they lie in the image. */
  readonly pages: readonly PageInfo[];
  readonly warnings: readonly NvsWarning[];
  /** Not one of the written entries has a right checksum, as in an image that is encrypted (or decrypted with a wrong key). */
  readonly looksEncrypted: boolean;
}

/**
 * Reads any image that a device may have written, or a dump of its partition. What is damaged is skipped and reported,
 * never followed; blobs share the image's memory where they lie in one piece. Fails where no page of it has
 * a valid header, unless all of it is erased: then it is empty.
 */
export function decode(image: Uint8Array): Result<NvsDecoded, DecodeProblem> {
  const pageCount = Math.floor(image.length / pageSize);
  if (pageCount === 0) {
    const message = `has ${count(image.length, 'byte')}; one page of NVS alone takes ${pageSize}`;
    return fail({ offset: image.length, message });
  }
  const read = Array.from({ length: pageCount }, (_, page) => readPage(image, page));
  if (!read.some(({ info }) => info.sequence !== undefined) && read.some(({ info }) => info.state !== 'empty')) {
    return fail({ offset: 0, message: `none of its ${count(pageCount, 'page')} has the header of an NVS page` });
  }
  const warnings = read.flatMap((page) => page.warnings);
  const rest = image.length - pageCount * pageSize;
  if (rest > 0) {
    const message = `the last ${count(rest, 'byte')} are no whole page and are left out`;
    warnings.push({ reason: 'page', page: pageCount, message });
  }
  const bySequence = read
    .filter(({ info }) => info.sequence !== undefined)
    .sort((a, b) => (a.info.sequence ?? 0) - (b.info.sequence ?? 0));
  for (const [index, { info }] of bySequence.entries()) {
    const before = bySequence[index - 1]?.info;
    if (before === undefined || before.sequence !== info.sequence) continue;
    const message = `pages ${before.page} and ${info.page} have the same sequence number ${info.sequence}`;
    warnings.push({ reason: 'page', page: info.page, message });
  }
  const items = bySequence.flatMap((page) => page.items);
  const unreadable = read.reduce((sum, page) => sum + page.unreadable, 0);
  return ok({
    ...resolve(items, warnings),
    pages: read.map(({ info }) => info),
    warnings,
    looksEncrypted: items.length === 0 && unreadable > 0,
  });
}

/** Whether any page of it has the header of an NVS page. */
export function recognises(image: Uint8Array): boolean {
  for (let page = 0; page < Math.floor(image.length / pageSize); page++) if (hasHeader(image, page)) return true;
  return false;
}

/** Turns items, in the order in which they were written, into namespaces and entries; adds to `warnings`. */
function resolve(items: readonly RawItem[], warnings: NvsWarning[]): Pick<NvsDecoded, 'namespaces' | 'entries'> {
  const warn = (reason: NvsWarning['reason'], { page, slot }: RawItem, message: string) => {
    warnings.push({ reason, page, slot, message: `page ${page}, slot ${slot}: ${message}` });
  };
  const nameOf = namespacesByIndex(items, warn);
  const chunks = new Map<string, RawItem>();
  /** The newest item of each key and type. */
  const newest = new Map<string, RawItem>();
  for (const item of items) {
    if (item.namespaceIndex === 0) continue;
    if (!nameOf.has(item.namespaceIndex)) {
      warn(
        'orphan',
        item,
        `${JSON.stringify(item.key)} belongs to namespace ${item.namespaceIndex}, which is not there`,
      );
      continue;
    }
    if (item.code === typeCode.blobData) {
      chunks.set(chunkName(item, item.chunk), item);
      continue;
    }
    const name = `${item.namespaceIndex} ${typeName(item)} ${item.key}`;
    const older = newest.get(name);
    if (older) {
      newest.delete(name);
      // A page that was being emptied when the power went has its entries copied, not changed.
      if (!older.freeing) warn('duplicate', older, `an older value of ${JSON.stringify(item.key)}, left out`);
    }
    newest.set(name, item);
  }

  const claimed = new Set<RawItem>();
  const entries: NvsEntry[] = [];
  for (const item of newest.values()) {
    const value = valueAt(item, (chunk) => chunks.get(chunkName(item, chunk)), claimed);
    if (typeof value === 'string') warn('torn', item, `blob ${JSON.stringify(item.key)} is skipped: ${value}`);
    else entries.push({ namespace: nameOf.get(item.namespaceIndex) ?? '', key: item.key, ...value });
  }
  for (const item of chunks.values()) {
    if (claimed.has(item) || item.freeing) continue;
    warn('orphan', item, `chunk ${item.chunk} of blob ${JSON.stringify(item.key)} belongs to no blob that is there`);
  }
  const indexes = [...nameOf.keys()].sort((a, b) => a - b);
  return { namespaces: [...new Set(indexes.map((index) => nameOf.get(index) ?? ''))], entries };
}

type Warn = (reason: NvsWarning['reason'], item: RawItem, message: string) => void;

/** The first definition counts, as for the firmware. */
function namespacesByIndex(items: readonly RawItem[], warn: Warn): Map<number, string> {
  const nameOf = new Map<number, string>();
  const indexOf = new Map<string, number>();
  for (const item of items) {
    if (item.namespaceIndex !== 0) continue;
    const index = item.field.getUint8(0);
    const name = JSON.stringify(item.key);
    if (item.code !== typeCode.u8 || index === 0 || index > maxNamespaces) {
      warn('unreadable', item, `${name} defines no namespace of 1 to ${maxNamespaces} and is skipped`);
    } else if (nameOf.get(index) === item.key) {
      // A copy, from a page that was being emptied.
    } else if (nameOf.has(index)) {
      warn(
        'duplicate',
        item,
        `namespace ${name} has the number of ${JSON.stringify(nameOf.get(index))} and is left out`,
      );
    } else if (indexOf.has(item.key)) {
      warn(
        'duplicate',
        item,
        `namespace ${name} is there twice: what is under number ${index} is not found on the device`,
      );
    } else {
      nameOf.set(index, item.key);
      indexOf.set(item.key, index);
    }
  }
  return nameOf;
}

const chunkName = ({ namespaceIndex, key }: RawItem, chunk: number): string => `${namespaceIndex} ${chunk} ${key}`;

const integerOf = new Map<number, IntegerType>(integerTypes.map((type) => [typeCode[type], type]));

/** Both kinds of blob are one type to whoever reads the key. */
function typeName({ code }: RawItem): string {
  if (code === typeCode.wholeBlob || code === typeCode.blobIndex) return 'blob';
  return integerOf.get(code) ?? 'string';
}

/** The value, or why a blob has none. */
function valueAt(
  item: RawItem,
  chunk: (index: number) => BlobPart | undefined,
  claimed: Set<BlobPart>,
): NvsValue | string {
  const integer = integerOf.get(item.code);
  if (integer !== undefined) return integerAt(item.field, integer);
  if (item.code === typeCode.wholeBlob) return { type: 'blob', value: item.data };
  if (item.code === typeCode.string) return { type: 'string', value: stringOf(item.data) };
  const joined = joinBlob(item.field, chunk);
  for (const part of joined.parts) claimed.add(part);
  return joined.problem ?? { type: 'blob', value: joined.value };
}

function integerAt(field: DataView, type: IntegerType): NvsValue {
  if (isBig(type)) {
    return { type, value: isSigned(type) ? field.getBigInt64(0, true) : field.getBigUint64(0, true) };
  }
  const unsigned = field.getUint32(0, true);
  const spare = 32 - integerBits[type];
  return { type, value: isSigned(type) ? (unsigned << spare) >> spare : (unsigned << spare) >>> spare };
}

function stringOf(data: Uint8Array): string | Uint8Array {
  const bytes = data.at(-1) === 0 ? data.subarray(0, -1) : data;
  return bytes.includes(0) ? bytes : (textOf(bytes) ?? bytes);
}

/** Tells an image by the header of its first page, checksum included: it always starts with a page in use. */
export function isNvsImage(bytes: Uint8Array): boolean {
  if (bytes.length < pageSize || bytes.length % pageSize !== 0) return false;
  const state = viewOf(bytes).getUint32(0, true);
  if (state !== pageState.active && state !== pageState.full && state !== pageState.freeing) return false;
  const version = bytes[8];
  if (version !== versionByte[1] && version !== versionByte[2]) return false;
  return viewOf(bytes).getUint32(28, true) === pageCrc(bytes, 0);
}
