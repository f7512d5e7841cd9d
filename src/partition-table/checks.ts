import { alignUp, hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic, type Place, type Related } from '../core/diagnostics/diagnostic.ts';
import { endOf, type Span, sectorSize, sharedBytes, spanText } from '../core/range.ts';
import { count, grouped, sizeText } from '../core/text.ts';
import { maxEntries } from './binary.ts';
import type { TableField } from './model.ts';

/** ESP-IDF: the label of a partition has 16 bytes, without a NUL if all are used. */
const maxNameLength = 16;

/** What the checks need of a row: a partition of a config will do. */
export interface Row extends Span {
  readonly fields?: Readonly<Partial<Record<TableField, Place>>>;
}

const atField = (entry: Row, field: TableField): { place?: Place; partition: string } => {
  const place = entry.fields?.[field] ?? entry.place;
  return place === undefined ? { partition: entry.name } : { place, partition: entry.name };
};

/** Returns the place of the other partition, where it is known. */
function relatedTo(other: Row): Related[] | undefined {
  const { place } = atField(other, 'offset');
  return place && [{ message: other.name, place }];
}

/** What is wrong with the partitions of one table: their number, names, alignment, overlaps. Any type of partition is welcome. */
export const checkTable = (entries: readonly Row[]): Diagnostic[] => [
  ...checkNumber(entries),
  ...checkNames(entries),
  ...checkRows(entries),
];

/** Where they lie alone: of a config's partitions there may be any number, and their names are checked with the config. */
export const checkRows = (entries: readonly Row[]): Diagnostic[] => [
  ...entries.flatMap(checkSectors),
  ...checkOverlaps(entries),
];

function checkNumber(entries: readonly Row[]): Diagnostic[] {
  const first = entries[maxEntries];
  if (first === undefined) return [];
  const message = `${count(entries.length, 'partition')} in this table; the binary form holds ${maxEntries}`;
  return [diagnostic('table-syntax', message, atField(first, 'name'))];
}

/** The names alone: enough for a partition whose place in the flash is not known. */
export function checkNames(entries: readonly Row[]): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const seen = new Map<string, Row>();
  for (const entry of entries) {
    const { name } = entry;
    const complain = (message: string, hint: string, related?: readonly Related[]): void => {
      problems.push(diagnostic('table-name', message, { ...atField(entry, 'name'), hint, related }));
    };
    const length = new TextEncoder().encode(name).length;
    const other = seen.get(name);
    if (name === '') complain('a partition has no name', 'the firmware finds partitions by name: give it one');
    else if (length > maxNameLength) {
      complain(
        `the name ${name} has ${length} bytes; at most ${maxNameLength} fit`,
        `${length - maxNameLength} too many`,
      );
    } else if (isUnfitForFile(name)) {
      complain(`${JSON.stringify(name)} cannot be the name of a file`, 'each partition is built as <name>.bin');
    } else if (other !== undefined) {
      const where = other.place?.line === undefined ? '' : ` (line ${other.place.line})`;
      const hint = `the other is at ${hex(other.offset)}${where}; rename or drop one`;
      complain(`there are two partitions ${name}`, hint, relatedTo(other));
    }
    if (other === undefined) seen.set(name, entry);
  }
  return problems;
}

/** A name becomes a part of paths: it must not lead out of its folder. */
const isUnfitForFile = (name: string): boolean => /[/\\\p{Cc}]/u.test(name) || name === '.' || name === '..';

function checkSectors(entry: Row): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const whole = `the flash is erased in sectors of ${sizeText(sectorSize)} (${hex(sectorSize)})`;
  if (entry.offset % sectorSize !== 0) {
    const message = `${entry.name} starts at ${hex(entry.offset)}, within a sector; ${whole}`;
    const below = entry.offset - (entry.offset % sectorSize);
    const hint = `use ${hex(below)} or ${hex(below + sectorSize)}`;
    problems.push(diagnostic('partition-alignment', message, { ...atField(entry, 'offset'), hint }));
  }
  if (entry.size % sectorSize !== 0) {
    const message = `${entry.name} has ${grouped(entry.size)} bytes and ends within a sector; ${whole}`;
    const hint = `use ${sizeText(alignUp(entry.size, sectorSize))}`;
    problems.push(diagnostic('partition-alignment', message, { ...atField(entry, 'size'), hint }));
  }
  if (entry.size === 0) {
    const hint = `a partition has at least ${sizeText(sectorSize)}`;
    problems.push(diagnostic('table-syntax', `${entry.name} has a size of 0`, { ...atField(entry, 'size'), hint }));
  }
  return problems;
}

/** Each partition against the one before it that reaches furthest: linear, and no partition is blamed twice. */
function checkOverlaps(entries: readonly Row[]): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const order = new Map(entries.map((entry, index) => [entry, index]));
  const byOffset = entries.toSorted((a, b) => a.offset - b.offset);
  let furthest: Row | undefined;
  for (const entry of byOffset) {
    if (furthest !== undefined) {
      const shared = sharedBytes(furthest, entry);
      const [first, later] =
        (order.get(furthest) ?? 0) < (order.get(entry) ?? 0) ? [furthest, entry] : [entry, furthest];
      if (shared > 0) problems.push(overlap(later, first, shared));
    }
    if (furthest === undefined || endOf(entry) > endOf(furthest)) furthest = entry;
  }
  return problems;
}

function overlap(entry: Row, other: Row, shared: number): Diagnostic {
  const message = `${spanText(entry)} overlaps ${spanText(other)} by ${count(shared, 'byte')}`;
  const hint = `${other.name} ends before ${hex(endOf(other))}`;
  return diagnostic('partition-overlap', message, { ...atField(entry, 'offset'), hint, related: relatedTo(other) });
}

/**
 * Whether the partitions of `at_customize` lie in their region of the main table, behind its first sector, which holds
 * their table, and over no other partition of the main table.
 */
export function checkInside(entries: readonly Row[], region: Span, mainEntries: readonly Row[]): Diagnostic[] {
  // A table of more is refused anyway: each against each of 100,000 would take its time.
  const main = mainEntries.slice(0, maxEntries);
  const others = main.filter((row) => row.offset !== region.offset || row.name !== region.name);
  const tableSpan: Span = { name: 'the table itself', offset: region.offset, size: sectorSize };
  return entries.flatMap((entry): Diagnostic[] => {
    const victims: Row[] = others.filter((other) => sharedBytes(other, entry) > 0);
    if (entry.offset >= region.offset + sectorSize && endOf(entry) <= endOf(region)) {
      return victims.map((victim) => overlap(entry, victim, sharedBytes(victim, entry)));
    }
    if (sharedBytes(tableSpan, entry) > 0) victims.unshift(tableSpan);
    const over = victims.length === 0 ? '' : ` and lies over ${victims.map(spanText).join(', ')}`;
    const message = `${spanText(entry)} leaves the region ${spanText(region)}${over}`;
    const hint = `partitions may use ${hex(region.offset + sectorSize)} to ${hex(endOf(region) - 1)}`;
    const field = entry.offset < region.offset + sectorSize || entry.offset >= endOf(region) ? 'offset' : 'size';
    return [diagnostic('partition-outside', message, { ...atField(entry, field), hint })];
  });
}

/** Whether the partitions lie within a flash of `size` bytes. */
export function checkFlashSize(entries: readonly Row[], size: number): Diagnostic[] {
  return entries
    .filter((entry) => endOf(entry) > size)
    .map((entry) => {
      const message = `${spanText(entry)} reaches ${grouped(endOf(entry) - size)} bytes beyond the flash of ${sizeText(size)}`;
      return diagnostic('partition-outside', message, atField(entry, entry.offset >= size ? 'offset' : 'size'));
    });
}
