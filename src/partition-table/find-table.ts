import { concat, hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { FlashReader } from '../core/flash-reader.ts';
import type { Span } from '../core/range.ts';
import { sectorSize } from '../core/range.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { listed, printable } from '../core/text.ts';
import { decodeTable, isBinaryTable, tableSize } from './binary.ts';
import type { TableEntry } from './model.ts';

/** The partition table that the bootloader goes by. */
export interface MainTable {
  /** Bytes from the start of the flash. */
  readonly offset: number;
  readonly entries: readonly TableEntry[];
  /** Its row of `at_customize`, whose first sector holds the table of certificates. */
  readonly region?: TableEntry;
}

/** Where ESP-IDF projects have it: the default, and behind bootloaders that are larger than usual. */
const usualOffsets = [0x8000, 0xc000, 0x10000];
/** ESP-AT looks its partition up by this type and its name, and reads the table in the first sector. */
const customizeType = 0x40;
const customizeName = 'at_customize';

/** Finds and reads the main table: at `offset` where that is given, else where it usually lies. */
export async function findMainTable(flash: FlashReader, offset?: number): Promise<Result<MainTable, Diagnostic>> {
  for (const place of offset === undefined ? usualOffsets : [offset]) {
    const read = await readTableAt(flash, place);
    if (read.state === 'damaged') return fail(missing(`the partition table of ${flash.title} ${read.problem}`));
    if (read.state === 'read') {
      const { entries } = read;
      const region = entries.find(({ name, type }) => name === customizeName && type === customizeType);
      return ok({ offset: place, entries, region });
    }
  }
  return fail(await notFound(flash, offset));
}

/** What lies where a binary table should: `problem` is a clause that says where and what. */
export type TableRead =
  | { readonly state: 'read'; readonly entries: readonly TableEntry[] }
  | { readonly state: 'absent' }
  | { readonly state: 'damaged'; readonly problem: string };

/** Bytes that are read of a table at first: few tables have more than 14 partitions. */
const firstRead = 512;
const rowSize = 32;

/** Reads a binary table from the flash, and no more of it than there is. Erased flash is `absent`, as is anything foreign. */
export async function readTableAt(flash: FlashReader, offset: number): Promise<TableRead> {
  // Tables stand at the start of a sector: ESP-IDF, gen_esp32part.py.
  if (offset % sectorSize !== 0 || offset + tableSize > flash.size) return { state: 'absent' };
  const start = await flash.read({ offset, size: firstRead });
  if (!isBinaryTable(start)) return { state: 'absent' };
  const rest = { offset: offset + firstRead, size: tableSize - firstRead };
  const bytes = hasEnd(start) ? start : concat([start, await flash.read(rest)]);
  const decoded = decodeTable(bytes);
  // What stands in the flash of a stranger's board may come to stand on a terminal.
  const safe = (entry: TableEntry): TableEntry => ({ ...entry, name: printable(entry.name) });
  if (decoded.ok) return { state: 'read', entries: decoded.value.entries.map(safe) };
  const { offset: at, message } = decoded.error;
  return { state: 'damaged', problem: `at ${hex(offset)} is damaged: ${message} (at byte ${hex(at)})` };
}

function hasEnd(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += rowSize) {
    if (bytes.subarray(at, at + rowSize).every((byte) => byte === 0xff)) return true;
  }
  return false;
}

/** What the device has in front of all partitions: its bootloader, and the main table. */
export const inFrontOf = ({ offset }: MainTable): Span[] => [
  { name: 'the bootloader', offset: 0, size: offset },
  { name: 'the partition table', offset, size: sectorSize },
];

async function notFound(flash: FlashReader, offset: number | undefined): Promise<Diagnostic> {
  if (offset === undefined) {
    const places = listed(usualOffsets.map(hex));
    const hint = 'flash the firmware of ESP-AT first, or say where its table lies: "flash": { "partitionTable": … }';
    return missing(`${flash.title} has no partition table at ${places}`, hint);
  }
  const message = `${flash.title} has no partition table at ${hex(offset)}`;
  for (const other of usualOffsets) {
    if (other === offset || (await readTableAt(flash, other)).state === 'absent') continue;
    const hint = 'see "partitionTable" in the config, and CONFIG_PARTITION_TABLE_OFFSET in sdkconfig';
    return missing(`${message}, but one at ${hex(other)}`, hint);
  }
  return missing(message, 'flash the firmware of ESP-AT first');
}

const missing = (message: string, hint = 'flash the firmware of ESP-AT again'): Diagnostic =>
  diagnostic('device-table-missing', message, { hint });
