import type { Place } from '../core/diagnostic.ts';

/** One partition of an ESP-IDF partition table. */
export interface TableEntry {
  /** At most 16 bytes of UTF-8. */
  readonly name: string;
  /** 0 app, 1 data, 0x40 to 0xfe custom. */
  readonly type: number;
  readonly subtype: number;
  /** Bytes from the start of the flash. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  readonly flags: { readonly encrypted: boolean; readonly readonly: boolean };
  /** Its row in the CSV, where it came from one. */
  readonly place?: Place;
}
