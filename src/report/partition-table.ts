import { hex } from '../core/bytes.ts';
import { largestOf } from '../core/lists.ts';
import { sectorSize } from '../core/range.ts';
import { count, displayWidth, grouped, printable, sizeText } from '../core/text.ts';
import type { Room } from '../formats/format.ts';
import type { BuildResult, FlashedPartition, PartitionResult, Status } from '../pipeline/result.ts';
import type { Color, Paint } from './paint.ts';

type Shown = Status | FlashedPartition['status'];

const statusColor: Record<Shown, Color> = {
  built: 'green',
  unchanged: 'dim',
  stale: 'yellow',
  planned: 'cyan',
  failed: 'red',
  skipped: 'dim',
  written: 'green',
  same: 'dim',
};

interface Row {
  readonly name: string;
  readonly offset: string;
  readonly size: string;
  readonly bar: string;
  readonly used: string;
  readonly status: Shown;
  readonly note: string;
}

/** The table at the end of a build: partition, offset, size, used with a small bar, what happened and why. */
export function partitionTable({ partitions, table }: BuildResult, width: number | undefined, paint: Paint): string[] {
  const rows = partitions.map(rowOf);
  if (table) {
    const offset = table.offset === undefined ? '' : hex(table.offset);
    // One sector is set aside for it, whatever it fills of that.
    const { status = table.status } = table.flash ?? {};
    const rest = { size: '4K', bar: '', used: '', status, note: 'partition table' };
    rows.push({ name: 'at_customize', offset, ...rest });
  }
  return withinWidth(rows, width).map(({ cells, status, note }, index) => {
    if (index === 0) return paint('dim', [...cells, status].join('').trimEnd());
    const color = statusColor[rows[index - 1]?.status ?? 'built'];
    return `${cells.join('')}${paint(color, note === '' ? status.trimEnd() : status)}${paint('dim', note)}`;
  });
}

function rowOf(one: PartitionResult): Row {
  const { name, offset, size, used, status, reason, room, flash } = one;
  return {
    name: printable(name),
    offset: offset === undefined ? '' : hex(offset),
    size: sizeText(size),
    bar: used === undefined ? '' : bar(one),
    used: used === undefined ? '' : `${grouped(used)} ${percent(one).padStart(4)}`,
    status: flash?.status ?? status,
    note: printable(flash ? flashText(flash) : (reason ?? (room ? roomText(room) : ''))),
  };
}

/** `1 of 28 sectors written and verified, 2 values of the device kept`. */
function flashText({ status, sectorsErased, bytesSkipped, valuesKept }: FlashedPartition): string {
  const sectors = count(sectorsErased + Math.ceil(bytesSkipped / sectorSize), 'sector');
  const kept = valuesKept ? `, ${count(valuesKept, 'value')} of the device kept` : '';
  if (status === 'failed') return 'not finished: run it again';
  if (status === 'same') return `${sectors} verified${kept}`;
  return `${bytesSkipped === 0 ? sectors : `${sectorsErased} of ${sectors}`} written and verified${kept}`;
}

/** `623 slots used, 2,779 free, 0 erased, 5 of 28 pages; a file of 86,912 bytes still fits`. */
function roomText({ slots, pages, largestBlob }: Room): string {
  const more = largestBlob === undefined ? 'nothing more fits' : `a file of ${grouped(largestBlob)} bytes still fits`;
  const slotsText = `${grouped(slots.used)} slots used, ${grouped(slots.free)} free, ${grouped(slots.erased)} erased`;
  return `${slotsText}, ${pages.used} of ${pages.total} pages; ${more}`;
}

interface Line {
  readonly cells: readonly string[];
  readonly status: string;
  readonly note: string;
}

/** Padded lines, the heads first. Where the terminal is too narrow the notes are cut; then the bars go. */
function withinWidth(rows: readonly Row[], width = Number.POSITIVE_INFINITY): Line[] {
  const full = aligned([
    ['partition', 'offset', 'size', 'used', '', 'status'],
    ...rows.map(({ name, offset, size, bar, used, status }) => [name, offset, size, bar, used, status]),
  ]);
  const narrow = aligned([
    ['partition', 'offset', 'size', 'used', 'status'],
    ...rows.map(({ name, offset, size, used, status }) => [name, offset, size, used, status]),
  ]);
  const lines = widthOf(full[0]) <= width ? full : narrow;
  const room = width - widthOf(lines[0]) - gap.length;
  return lines.map((line, index) => {
    const note = room < 8 ? '' : (rows[index - 1]?.note ?? '');
    return { cells: line.slice(0, -1), status: line.at(-1) ?? '', note: note === '' ? '' : gap + cut(note, room) };
  });
}

const gap = '  ';
const widthOf = (cells: readonly string[] = []): number => displayWidth(cells.join(''));

/** Pads the cells of each column to one width; numbers stand to the right. */
function aligned(rows: readonly (readonly string[])[]): string[][] {
  const widths = (rows[0] ?? []).map((_, column) => largestOf(rows.map((row) => displayWidth(row[column] ?? ''))));
  return rows.map((row) =>
    row.map((cell, column) => {
      const padding = ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
      const toTheRight = column === 1 || column === 2 || cell.endsWith('%');
      return gap + (toTheRight ? padding + cell : cell + padding);
    }),
  );
}

function cut(text: string, room: number): string {
  if (displayWidth(text) <= room) return text;
  let short = '';
  for (const character of text) {
    if (displayWidth(short + character) >= room) break;
    short += character;
  }
  return `${short.trimEnd()}…`;
}

const share = ({ used = 0, size }: PartitionResult): number => (size === 0 ? 1 : used / size);

/** Rounded, but 0% is for nothing at all and 100% for a partition without a byte left. */
function percent(one: PartitionResult): string {
  const rounded = Math.round(share(one) * 100);
  if (share(one) > 0 && share(one) < 1) return `${Math.min(99, Math.max(1, rounded))}%`;
  return `${rounded}%`;
}

/** Ten cells; a partition that holds anything shows at least one. */
function bar(one: PartitionResult): string {
  const cells = 10;
  const full = Math.min(cells, Math.max(one.used ? 1 : 0, Math.round(share(one) * cells)));
  return '█'.repeat(full) + '░'.repeat(cells - full);
}
