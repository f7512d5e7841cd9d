import type { Diagnostic, Place } from '../core/diagnostics/diagnostic.ts';

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
