import { hex } from '../core/bytes.ts';
import { largestOf } from '../core/lists.ts';
import { count, displayWidth, grouped, printable, sizeText } from '../core/text.ts';
import type { Inspection } from '../formats/inspect-input.ts';
import type { ShownContents } from '../formats/opened-image.ts';
import type { TableEntry } from '../partition-table/model.ts';
import { subtypeNamesOf, typeNames } from '../partition-table/names.ts';
import { type CertificateDescription, type Description, isCertificate } from '../pki/describe.ts';

const day = 24 * 60 * 60 * 1000;

/** The fields of an inspection for --json. Days are counted from `now`. */
export function inspectionFields(inspection: Inspection, now: Date): Record<string, unknown> {
  switch (inspection.what) {
    case 'image':
      return { format: inspection.format.name, ...inspection.image.fields(shownContents(now)) };
    case 'table':
      return {
        format: 'partition-table',
        size: inspection.size,
        md5: inspection.md5,
        partitions: inspection.entries.map(partitionFields),
      };
    case 'plain':
      return {
        format: inspection.format,
        size: inspection.size,
        contents: inspection.contents.map((content) => withDays(content, now)),
      };
  }
}

/** Whole days that a certificate stays valid; negative once it has expired. */
const withDays = (content: Description, now: Date): Description & { daysLeft?: number } =>
  isCertificate(content) ? { ...content, daysLeft: daysBetween(now, content.notAfter) } : content;

/** Whole days, rounded down. */
export const daysBetween = (now: Date, date: string): number => Math.floor((Date.parse(date) - now.getTime()) / day);

/** A partition for --json. */
export const partitionFields = ({ name, type, subtype, offset, size, flags }: TableEntry) => ({
  name,
  type,
  typeName: nameOf(typeNames, type),
  subtype,
  subtypeName: nameOf(subtypeNamesOf(type), subtype),
  offset,
  size,
  ...flags,
});

const nameOf = (names: ReadonlyMap<string, number>, number: number): string | undefined =>
  [...names].find(([, value]) => value === number)?.[0];

/** An inspection as people read it. `name` is how the user called the file. */
export function inspectionLines(name: string, inspection: Inspection, now: Date): string[] {
  switch (inspection.what) {
    case 'image':
      return [`${name}: ${inspection.image.summary}`, ...inspection.image.lines(shownContents(now))];
    case 'table': {
      const { entries, md5, size } = inspection;
      const head = `${name}: partition table, ${count(entries.length, 'partition')}, MD5 ${md5}, ${grouped(size)} bytes`;
      return [head, ...tableLines(entries)];
    }
    case 'plain': {
      const lines = inspection.contents.flatMap((content) => contentLines(content, now));
      return [
        `${name}: ${inspection.format.toUpperCase()}, ${grouped(inspection.size)} bytes`,
        ...lines.map((line) => `  ${line}`),
      ];
    }
  }
}

/** How contents of images are told; days are counted from `now`. */
const shownContents = (now: Date): ShownContents => ({
  lines: (contents) => contents.flatMap((content) => contentLines(content, now)),
  fields: (contents) => contents.map((content) => withDays(content, now)),
});

function contentLines(content: Description, now: Date): string[] {
  if (!isCertificate(content)) return ['key' in content ? `${content.what}, ${content.key}` : content.what];
  const { subject, issuer, notBefore, notAfter, key, ca } = content;
  return [
    `${ca ? 'CA certificate' : 'certificate'}, ${key}`,
    `subject  ${subject}`,
    `issuer   ${issuer === subject ? 'itself' : issuer}`,
    `valid    ${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)} (${validity(content, now)})`,
  ];
}

/** `400 days left`, `expired 3 days ago`. Dates are ISO 8601. */
export function validity(
  { notBefore, notAfter }: Pick<CertificateDescription, 'notBefore' | 'notAfter'>,
  now: Date,
): string {
  const until = daysBetween(now, notBefore);
  if (now.getTime() < Date.parse(notBefore)) return `not valid yet: starts in ${count(Math.max(1, until), 'day')}`;
  const left = daysBetween(now, notAfter);
  if (now.getTime() <= Date.parse(notAfter)) return `${count(left, 'day')} left`;
  return `expired ${count(-left, 'day')} ago`;
}

/** Partitions as people read them, a line each, below a head. */
export function tableLines(entries: readonly TableEntry[]): string[] {
  const rows = entries.map(({ name, type, subtype, offset, size, flags }) => [
    printable(name),
    nameOf(typeNames, type) ?? hex(type),
    nameOf(subtypeNamesOf(type), subtype) ?? hex(subtype),
    hex(offset),
    sizeText(size),
    [flags.encrypted && 'encrypted', flags.readonly && 'readonly'].filter(Boolean).join(', '),
  ]);
  const all = [['name', 'type', 'subtype', 'offset', 'size', ''], ...rows];
  const widths = (all[0] ?? []).map((_, column) => largestOf(all.map((row) => displayWidth(row[column] ?? ''))));
  return all.map((row) => {
    const cells = row.map((cell, column) => {
      const padding = ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
      return column === 3 || column === 4 ? padding + cell : cell + padding;
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
}
