import { createHash } from 'node:crypto';
import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import { endOf, placeText, type Span, sectorSize, sharedBytes, spanText } from '../core/range.ts';
import { listed } from '../core/text.ts';
import type { FlashAccess } from '../device/device.ts';
import { encodeTable, tableSize } from '../partition-table/binary.ts';
import { checkInside } from '../partition-table/checks.ts';
import {
  findMainTable,
  inFrontOf,
  type MainTable,
  readTableAt,
  type TableRead,
} from '../partition-table/find-table.ts';
import type { TableEntry } from '../partition-table/model.ts';
import type { CustomizedTable, Project } from '../project/project.ts';
import type { Partition } from '../sources/partition.ts';
import type { PlannedImage } from './images.ts';
import { sayUpdate } from './table-update.ts';

export interface TableRequest {
  readonly project: Pick<Project, 'table' | 'device'>;
  /** Those that are to be flashed. */
  readonly partitions: readonly (Span & Pick<Partition, 'format'>)[];
  /** Make the table of the device that of the plan. */
  readonly updateTable: boolean;
}

export interface TableCheck {
  /** Without an error among them, the images may be written. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where the device has its partitions now: those of `at_customize` before those of the main table. */
  readonly entries: readonly TableEntry[];
  /** The new table, which goes with the images. */
  readonly update?: PlannedImage;
}

/**
 * Holds the partitions to the tables of the device: each must be there, at the same offset and of the same size, in
 * `at_customize` or, where that has no such name, in the main table.
 */
export async function checkDeviceTable(flash: FlashAccess, request: TableRequest): Promise<TableCheck> {
  const { project, partitions, updateTable } = request;
  const { table } = project;
  const found = await findMainTable(flash, project.device.partitionTable);
  if (!found.ok) return { diagnostics: [found.error], entries: [] };
  const main = found.value;
  const problem = table ? regionProblem(main, table) : updateTable ? noTable() : undefined;
  if (problem) return { diagnostics: [problem], entries: main.entries };

  const held = main.region && (await readCustomized(flash, main.region, table));
  const there = held?.state === 'read' ? held.entries : [];
  const entries = [...there, ...main.entries];
  const rows = updateTable && table ? table.entries : there;
  const plan = { main, held, rows, table };
  const diagnostics = partitions.flatMap((partition) => compare(partition, plan));
  // The rows are the plan's own where the device has its very table.
  const isUpdate = rows !== there;
  const used = isUpdate ? rows : rows.filter(({ name }) => partitions.some((partition) => partition.name === name));
  append(diagnostics, outside(used, main));
  if (!isUpdate || table === undefined || main.region === undefined) return { diagnostics, entries };
  const { name, offset } = main.region;
  const update = { name, offset, size: sectorSize, bytes: encodeTable(rows) };
  return { diagnostics: [...sayUpdate(there, table, partitions), ...diagnostics], entries, update };
}

/** Reads the table of certificates; if its MD5 is that of the plan's, the rows are the very ones of the plan. */
async function readCustomized(
  flash: FlashAccess,
  region: Span,
  table: CustomizedTable | undefined,
): Promise<TableRead> {
  const range = { offset: region.offset, size: tableSize };
  if (table !== undefined && endOf(range) <= flash.size) {
    const [md5] = await flash.digest([range]);
    const planned = createHash('md5').update(encodeTable(table.entries)).digest('hex');
    if (md5 === planned) return { state: 'read', entries: table.entries };
  }
  return readTableAt(flash, region.offset);
}

const otherFirmware =
  'the board has the firmware of another module or release: build for that, or flash the right firmware first';

/** What --update-table cannot mend: the main table belongs to the firmware. */
function regionProblem({ offset, region }: MainTable, table: CustomizedTable): Diagnostic | undefined {
  const place = { file: table.csv };
  if (region === undefined) {
    const message = `the partition table of the device (at ${hex(offset)}) has no at_customize, where the firmware looks for certificates`;
    return diagnostic('device-table-missing', message, { place, hint: 'flash the firmware of ESP-AT first' });
  }
  if (table.offset === undefined || table.offset === region.offset) return undefined;
  const message = `at_customize is at ${placeText(region)} on the device, at ${hex(table.offset)} in the plan`;
  return diagnostic('device-table', message, { place, hint: otherFirmware });
}

const noTable = (): Diagnostic =>
  diagnostic('usage', '--update-table needs the partition table of the plan, and there is none', {
    hint: 'name it in the config: "partitionTable" or "module"',
  });

type Wanted = TableRequest['partitions'][number];

interface Plan {
  readonly main: MainTable;
  readonly held: TableRead | undefined;
  /** Those of `at_customize` on the device, as they will be. */
  readonly rows: readonly TableEntry[];
  readonly table: CustomizedTable | undefined;
}

const about = ({ name, place }: Wanted) => ({ partition: name, place });

function compare(wanted: Wanted, plan: Plan): Diagnostic[] {
  const named = ({ name }: TableEntry): boolean => name === wanted.name;
  const row = plan.rows.find(named) ?? plan.main.entries.find(named);
  if (row === undefined) return [wanted.format === 'raw' ? ofRaw(wanted, plan) : absent(wanted, plan)];
  if (row.offset === wanted.offset && row.size === wanted.size) return [];
  const message = `${wanted.name} is at ${placeText(row)} on the device, at ${placeText(wanted)} in the plan`;
  return [diagnostic('device-table', message, { ...about(wanted), hint: hintFor(wanted, plan) })];
}

const hintFor = ({ name }: Wanted, { table }: Plan): string =>
  table?.entries.some((row) => row.name === name)
    ? '--update-table writes the table of the plan along with the images; or build for the firmware that is there'
    : 'correct its name, offset and size in the config, or build for the firmware that is there';

function absent(wanted: Wanted, plan: Plan): Diagnostic {
  const { held, main } = plan;
  const details = { ...about(wanted), hint: hintFor(wanted, plan) };
  if (held?.state === 'damaged') {
    return diagnostic('device-table-missing', `the table at_customize of the device ${held.problem}`, details);
  }
  if (held?.state === 'absent') {
    const at = hex(main.region?.offset ?? 0);
    const message = `the device has no table in at_customize (at ${at}): its firmware would not find ${wanted.name}`;
    return diagnostic('device-table-missing', message, details);
  }
  const others = plan.rows.length > 0 ? `, only ${listed(plan.rows.map(({ name }) => name))}` : '';
  const message = `the device has no partition ${wanted.name}${others}; in the plan it is at ${placeText(wanted)}`;
  return diagnostic('device-table', message, details);
}

/**
 * A raw partition may be for a program that knows its place by itself: it needs no row, but must not lie over anything
 * that the device has.
 */
function ofRaw(wanted: Wanted, { main, rows }: Plan): Diagnostic {
  const { region, entries } = main;
  const table: Span[] = region ? [{ name: 'the table at_customize', offset: region.offset, size: sectorSize }] : [];
  const others = entries.filter((entry) => entry !== region);
  const victims = [...inFrontOf(main), ...others, ...table, ...rows].filter((one) => sharedBytes(one, wanted) > 0);
  if (victims.length > 0) {
    const message = `${spanText(wanted)} is in no table of the device and lies over ${listed(victims.map(spanText))} there`;
    return diagnostic('device-table', message, { ...about(wanted), hint: 'correct its name, or offset and size' });
  }
  const message = `no table of the device has ${wanted.name}; it goes to ${placeText(wanted)}, where no partition is`;
  return diagnostic('device-table', message, { ...about(wanted), severity: 'warning' });
}

/** Rows that leave the device's own `at_customize` or lie over partitions of its main table. */
function outside(rows: readonly TableEntry[], { region, entries }: MainTable): Diagnostic[] {
  if (region === undefined) return [];
  return checkInside(rows, region, entries).map(({ message, partition, place }) =>
    diagnostic('device-table', `on the device, ${message}`, {
      partition,
      place,
      hint: otherFirmware,
    }),
  );
}
