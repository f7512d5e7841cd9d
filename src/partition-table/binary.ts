import { createHash } from 'node:crypto';
import { concat, equalBytes, erased, hex, viewOf } from '../core/bytes.ts';
import type { DecodeProblem } from '../core/result.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { count } from '../core/text.ts';
import type { TableEntry } from './model.ts';

/*
 * The binary partition table of ESP-IDF, as gen_esp32part.py writes it. All fields are little-endian:
 *
 *   entry     0  2    magic, bytes AA 50
 *             2  u8   type
 *             3  u8   subtype
 *             4  u32  offset
 *             8  u32  size
 *            12  16   name, NUL-padded (no NUL where it fills the field)
 *            28  u32  flags: bit 0 encrypted, bit 1 readonly
 *   MD5 row   0  16   bytes EB EB, then FF
 *            16  16   MD5 of all entries before
 *   end       0  32   FF
 *
 * FF follows up to 0xc00 bytes. ESP-IDF v3.1 to v6 and ESP8266_RTOS_SDK v3.1 to v3.4 write the same by default.
 * ESP-IDF v3.0, which only ESP-AT v1.1.0.0 uses, wrote no MD5 row; its own reader (spi_flash/partition.c) stops at the
 * first row without the entries' magic and so takes one. ESP-AT builds at_customize with the defaults, whatever
 * CONFIG_PARTITION_TABLE_MD5 says of the main table.
 */
const rowSize = 32;
const nameSize = 16;
const md5Magic = 0xebeb;
const entryMagic = 0x50aa;
/** Bytes of a binary table. */
export const tableSize = 0xc00;
/** The MD5 row and the end take a row each. */
export const maxEntries = tableSize / rowSize - 2;

/** Whether bytes start as a binary table does. */
export const isBinaryTable = (bytes: Uint8Array): boolean =>
  bytes.length >= 2 && viewOf(bytes).getUint16(0, true) === entryMagic;

/**
 * The binary table, `tableSize` bytes. The entries must have passed `checkTable`.
 * @throws RangeError for more than `maxEntries`.
 */
export function encodeTable(entries: readonly TableEntry[]): Uint8Array {
  if (entries.length > maxEntries) throw new RangeError(`${entries.length} partitions; a table holds ${maxEntries}`);
  const rows = concat(entries.map(encodeEntry));
  const table = erased(tableSize);
  table.set(rows);
  viewOf(table).setUint16(rows.length, md5Magic, true);
  table.set(md5(rows), rows.length + 16);
  return table;
}

function encodeEntry(entry: TableEntry): Uint8Array {
  const row = new Uint8Array(rowSize);
  const view = viewOf(row);
  view.setUint16(0, entryMagic, true);
  view.setUint8(2, entry.type);
  view.setUint8(3, entry.subtype);
  view.setUint32(4, entry.offset, true);
  view.setUint32(8, entry.size, true);
  row.set(new TextEncoder().encode(entry.name).subarray(0, nameSize), 12);
  view.setUint32(28, Number(entry.flags.encrypted) | (Number(entry.flags.readonly) << 1), true);
  return row;
}

export interface DecodedTable {
  readonly entries: readonly TableEntry[];
  /** Whether the table carried its checksum. A wrong one is a problem, not a table. */
  readonly md5: 'ok' | 'absent';
}

/** Reads a binary table up to its end row; what follows that is not looked at. Flags it does not know are dropped. */
export function decodeTable(bytes: Uint8Array): Result<DecodedTable, DecodeProblem> {
  const problem = (offset: number, message: string) => fail({ offset, message });
  const view = viewOf(bytes);
  const entries: TableEntry[] = [];
  let checksum: DecodedTable['md5'] = 'absent';
  for (let offset = 0; offset + rowSize <= Math.min(bytes.length, tableSize); offset += rowSize) {
    const row = bytes.subarray(offset, offset + rowSize);
    if (row.every((byte) => byte === 0xff)) return ok({ entries, md5: checksum });
    if (checksum === 'ok') return problem(offset, 'something follows the MD5 row, which must be the last');
    const magic = view.getUint16(offset, true);
    if (magic === md5Magic) {
      if (!equalBytes(row.subarray(16), md5(bytes.subarray(0, offset)))) {
        return problem(offset, `the MD5 of the ${count(entries.length, 'entry', 'entries')} is not the one noted here`);
      }
      checksum = 'ok';
    } else if (magic === entryMagic) {
      const name = nameIn(row);
      if (name === undefined) return problem(offset + 12, `the name of entry ${entries.length + 1} is not UTF-8`);
      const flags = view.getUint32(offset + 28, true);
      entries.push({
        name,
        type: view.getUint8(offset + 2),
        subtype: view.getUint8(offset + 3),
        offset: view.getUint32(offset + 4, true),
        size: view.getUint32(offset + 8, true),
        flags: { encrypted: (flags & 1) !== 0, readonly: (flags & 2) !== 0 },
      });
    } else {
      const bytesThere = `${hex(view.getUint8(offset))} ${hex(view.getUint8(offset + 1))}`;
      return problem(offset, `neither an entry (0xaa 0x50) nor the end starts here, but ${bytesThere}`);
    }
  }
  const reason =
    bytes.length < tableSize ? `the table stops after ${count(bytes.length, 'byte')}` : 'the table is full';
  return problem(Math.min(bytes.length, tableSize), `${reason} and has no end row (32 bytes FF)`);
}

function nameIn(row: Uint8Array): string | undefined {
  const field = row.subarray(12, 12 + nameSize);
  const end = field.indexOf(0);
  try {
    // A byte order mark is kept: it is what the device compares.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(end < 0 ? field : field.subarray(0, end));
  } catch {
    return undefined;
  }
}

const md5 = (bytes: Uint8Array): Uint8Array => createHash('md5').update(bytes).digest();
