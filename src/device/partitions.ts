import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { tableSize } from '../partition-table/binary.ts';
import type { TableEntry } from '../partition-table/model.ts';
import { partitionTableType, primarySubtype } from '../partition-table/names.ts';
import type { Device } from './device.ts';
import { findMainTable, readTableAt } from './find-table.ts';

/** What a device has in its flash by name. */
export interface DevicePartitions {
  /**
   * Those of `at_customize` before those of the main table. The tables are among them: the main one as
   * `partition-table`, that of the certificates as `at_customize`, as its image is called, although the partition of
   * this name is larger.
   */
  readonly entries: readonly TableEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the tables of a device; the main one at `offset`, or where it usually lies. */
export async function readPartitions(device: Device, offset?: number): Promise<Result<DevicePartitions, Diagnostic>> {
  const found = await findMainTable(device, offset);
  if (!found.ok) return fail({ ...found.error, hint: elsewhere });
  const main = found.value;
  const { region } = main;
  const table = { name: 'partition-table', type: partitionTableType, subtype: primarySubtype, size: tableSize };
  const flags = { encrypted: false, readonly: false };
  const own = main.entries.map((one) => (one === region ? { ...one, size: tableSize } : one));
  const customized: TableEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  if (region !== undefined) {
    const read = await readTableAt(device, region.offset);
    if (read.state === 'read') append(customized, read.entries);
    else {
      const what = read.state === 'damaged' ? read.problem : `is not there (at ${hex(region.offset)})`;
      const message = `the table at_customize of the device ${what}`;
      diagnostics.push(diagnostic('device-table-missing', message, { severity: 'warning' }));
    }
  }
  return ok({ entries: [...customized, ...own, { ...table, offset: main.offset, flags }], diagnostics });
}

const elsewhere = 'say where its table lies by --table-offset, or read ranges such as 0x21000:112K, or flash';
