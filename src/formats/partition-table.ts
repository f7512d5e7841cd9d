import { hex } from '../core/bytes.ts';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { diagnostic } from '../core/diagnostic.ts';
import { decodeTable, isBinaryTable } from './partition-table-binary.ts';
import { parseTableCsv } from './partition-table-csv.ts';

/** One partition of an ESP-IDF partition table. */
export interface TableEntry {
  /** At most 16 bytes of UTF-8. */
  readonly name: string;
  /** 0 app, 1 data, 2 bootloader, 3 partition table, 0x40 to 0xfe custom. */
  readonly type: number;
  readonly subtype: number;
  /** Bytes from the start of the flash. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  readonly flags: { readonly encrypted: boolean; readonly readonly: boolean };
  /** Its row in the CSV, where it came from one; the whole file where that is binary. */
  readonly place?: Place;
  /** The fields of that row, for a message about one of them. */
  readonly fields?: Readonly<Record<TableField, Place>>;
}

/** The columns of a partition CSV. */
export type TableField = 'name' | 'type' | 'subtype' | 'offset' | 'size' | 'flags';

/** What could be read of a table, and every mistake in it. The entries are complete only if no diagnostic is an error. */
export interface ParsedTable {
  readonly entries: readonly TableEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface TableOptions {
  /** Where the table itself lies in the flash, in bytes: a first row without an offset follows it. ESP-IDF's 0x8000 if absent. */
  readonly tableOffset?: number;
}

/** Reads a partition table in either form, told apart by the magic bytes of the binary one. */
export function readTable(bytes: Uint8Array, file: string, options: TableOptions = {}): ParsedTable {
  if (!isBinaryTable(bytes) && !file.endsWith('.bin')) {
    return parseTableCsv(new TextDecoder().decode(bytes), file, options);
  }
  const decoded = decodeTable(bytes);
  if (!decoded.ok) {
    const { message, offset } = decoded.error;
    const details = { place: { file }, hint: 'make it anew from its CSV with gen_esp32part.py, or name the CSV' };
    return { entries: [], diagnostics: [diagnostic('table-syntax', `${message} (at byte ${hex(offset)})`, details)] };
  }
  return { entries: decoded.value.entries.map((entry) => ({ ...entry, place: { file } })), diagnostics: [] };
}
