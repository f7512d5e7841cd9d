import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { FlashReader } from '../core/flash-reader.ts';
import { append } from '../core/lists.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { tableSize } from './binary.ts';
import { findMainTable, readTableAt } from './find-table.ts';
import type { TableEntry } from './model.ts';
import { partitionTableType, primarySubtype } from './names.ts';

/** The partitions in a flash. */
export interface FlashPartitions {
  /**
   * Those of `at_customize` before those of the main table. The tables are among them: the main one as
   * `partition-table`, that of the certificates as `at_customize`, as its image is called, although the partition of
   * this name is larger.
   */
  readonly entries: readonly TableEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the tables of a flash; the main one at `offset`, or where it usually lies. */
export async function partitionsOf(flash: FlashReader, offset?: number): Promise<Result<FlashPartitions, Diagnostic>> {
  const found = await findMainTable(flash, offset);
  if (!found.ok) return fail({ ...found.error, hint: elsewhere });
  const main = found.value;
  const { region } = main;
  const table = { name: 'partition-table', type: partitionTableType, subtype: primarySubtype, size: tableSize };
  const flags = { encrypted: false, readonly: false };
  const own = main.entries.map((entry) => (entry === region ? { ...entry, size: tableSize } : entry));
  const customized: TableEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  if (region !== undefined) {
    const read = await readTableAt(flash, region.offset);
    if (read.state === 'read') append(customized, read.entries);
    else {
      const what = read.state === 'damaged' ? read.problem : `is not there (at ${hex(region.offset)})`;
      const message = `the table at_customize of ${flash.title} ${what}`;
      diagnostics.push(diagnostic('device-table-missing', message, { severity: 'warning' }));
    }
  }
  return ok({ entries: [...customized, ...own, { ...table, offset: main.offset, flags }], diagnostics });
}

const elsewhere = 'say where its table lies by --table-offset, or read ranges such as 0x21000:112K, or flash';
