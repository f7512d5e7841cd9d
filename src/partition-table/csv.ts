import { alignUp, hex } from '../core/bytes.ts';
import { type Cell, cellsOf, wrongSeparator } from '../core/csv.ts';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import { rememberKeys } from '../core/mask.ts';
import { codePointsOf, didYouMean, parseBytes } from '../core/text.ts';
import type { ParsedTable, TableEntry, TableField, TableOptions } from './model.ts';
import {
  appType,
  bootloaderType,
  dataType,
  defaultSubtype,
  nvsSubtype,
  offsetAlignment,
  partitionTableType,
  primarySubtype,
  subtypeNamesOf,
  typeNames,
} from './names.ts';

/*
 * Partition tables as CSV, by the rules of ESP-IDF's gen_esp32part.py: `Name, Type, SubType, Offset, Size, Flags`, one
 * partition a line; lines that start with # and columns behind the flags are ignored; numbers are decimal or 0x…, with
 * K or M; an offset left blank follows the row before, rounded up to 64 KiB for an app and 4 KiB for all else.
 * Not taken over: variables of the environment, and negative sizes ("up to this address").
 */
const columns: readonly TableField[] = ['name', 'type', 'subtype', 'offset', 'size', 'flags'];
const tableSector = 0x1000;
/** CONFIG_PARTITION_TABLE_OFFSET of ESP-IDF unless a project says otherwise. */
const defaultTableOffset = 0x8000;
/** A byte. ESP-IDF documents 0 to 0xfe (0xff is "any" in its calls), but ESP-AT's own tables have a subtype 0xff. */
const highestType = 0xff;
const addressSpace = 2 ** 32;

interface Field {
  readonly text: string;
  readonly place: Place;
}
type Row = Readonly<Record<TableField, Field>>;
type Complain = (field: Field, message: string, hint?: string) => undefined;

/**
 * Reads a whole table and reports all its mistakes at once, each at the field at fault. Rows with a mistake are left
 * out of the entries. What rows are to each other is `checkTable`'s matter.
 */
export function parseTableCsv(text: string, file: string, options: TableOptions = {}): ParsedTable {
  const { tableOffset = defaultTableOffset } = options;
  rememberKeys(text);
  const entries: TableEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  // Where the row before ends; unknown after one whose offset or size is not understood.
  let end: number | undefined = tableOffset + tableSector;

  const whole = text.replace(/^\uFEFF/, '');
  if (whole.includes('\0')) {
    const hint = 'save it as UTF-8 (PowerShell 5 writes UTF-16 by > redirection: use Out-File -Encoding ascii)';
    const place = { file, line: 1, column: 1, text: '' };
    return { entries, diagnostics: [diagnostic('table-syntax', 'this is UTF-16, or not text', { place, hint })] };
  }
  const lines = whole.split(/\r\n|\n|\r/);
  for (const cells of cellsOf(whole, { quotes: false }).rows) {
    const number = cells[0]?.line ?? 0;
    const line = lines[number - 1] ?? '';
    const separator = wrongSeparator(line);
    if (separator !== undefined) {
      const { message, hint, column, length } = separator;
      const place = { file, line: number, column, length, text: line };
      diagnostics.push(diagnostic('table-syntax', message, { place, hint }));
      // The rest of the table is like that, and was said.
      break;
    }
    const row = rowOf(cells, file, line);
    const before = diagnostics.length;
    if (row.type.text.toLowerCase() === 'type') {
      const details = { place: row.type.place, hint: 'start it with #', partition: row.name.text };
      diagnostics.push(diagnostic('table-syntax', 'this heading is read as a partition', details));
      end = undefined;
      continue;
    }
    const comment = Object.values(row).find((field) => field.text.includes('#'));
    if (comment !== undefined) {
      const hint = 'a comment needs a line of its own';
      const message = `${JSON.stringify(comment.text)} is read as a value`;
      diagnostics.push(diagnostic('table-syntax', message, { place: comment.place, hint, partition: row.name.text }));
      end = undefined;
      continue;
    }
    const complain: Complain = (field, message, hint) => {
      const partition = row.name.text;
      const details = { place: field.place, hint, partition };
      diagnostics.push(diagnostic('table-syntax', message, details));
    };
    const type = readType(row.type, complain);
    const subtype = type === undefined ? undefined : readSubtype(row.subtype, type, complain);
    const isTable = type === partitionTableType;
    const isPrimary = (isTable || type === bootloaderType) && subtype === primarySubtype;
    let offset: number | undefined;
    if (row.offset.text !== '') offset = readNumber(row.offset, 'offset', complain);
    else if (isPrimary && isTable) offset = tableOffset;
    else if (isPrimary) complain(row.offset, 'the first bootloader has no offset', 'write down where this chip has it');
    else if (end !== undefined && type !== undefined) offset = alignUp(end, offsetAlignment(type));
    const size = row.size.text === '' && isTable ? tableSector : readSize(row.size, complain);
    if (offset !== undefined && size !== undefined && offset + size > addressSpace) {
      complain(row.size, `${hex(offset)} and ${hex(size)} lead beyond the 4 GiB that a table can address`);
    }
    const flags = readFlags(row.flags, complain);
    // What the chip starts with lies before the table, wherever its row stands: the next row does not follow it.
    if (!isPrimary) end = offset === undefined || size === undefined ? undefined : offset + size;

    if (diagnostics.length > before) continue;
    if (type === undefined || subtype === undefined || offset === undefined || size === undefined) continue;
    entries.push({
      name: row.name.text,
      type,
      subtype,
      offset,
      size,
      flags,
      place: { file, line: number, column: 1, length: line.length, text: line },
      fields: placesOf(row),
    });
    if (flags.encrypted && type === dataType && subtype === nvsSubtype) {
      const message = `${row.name.text} is NVS and has the flag encrypted`;
      const hint =
        'leave the flag out: with flash encryption on, ESP-IDF opens no NVS partition that has it; NVS is encrypted by keys of its own';
      const details = { place: row.flags.place, hint, partition: row.name.text };
      diagnostics.push(diagnostic('table-encrypted-nvs', message, details));
    }
  }
  return { entries, diagnostics };
}

function rowOf(parts: readonly Cell[], file: string, line: string): Row {
  const number = parts[0]?.line ?? 0;
  const cells = parts.map((cell): Field => {
    const text = cell.text.trim();
    const column = text === '' ? cell.column : cell.column + cell.text.length - cell.text.trimStart().length;
    return { text, place: { file, line: number, column, length: Math.max(1, text.length), text: line } };
  });
  const behind: Field = { text: '', place: { file, line: number, column: line.length + 1, length: 1, text: line } };
  const at = (field: TableField): Field => cells[columns.indexOf(field)] ?? behind;
  return {
    name: at('name'),
    type: at('type'),
    subtype: at('subtype'),
    offset: at('offset'),
    size: at('size'),
    flags: at('flags'),
  };
}

const placesOf = (row: Row): Readonly<Record<TableField, Place>> => ({
  name: row.name.place,
  type: row.type.place,
  subtype: row.subtype.place,
  offset: row.offset.place,
  size: row.size.place,
  flags: row.flags.place,
});

function readType(field: Field, complain: Complain): number | undefined {
  const { text } = field;
  if (text === '') return complain(field, 'the type is missing', `${listOf(typeNames.keys())}, or a number`);
  const number = typeNames.get(text.toLowerCase()) ?? numberIn(text);
  if (number !== undefined && number <= highestType) return number;
  const hint = `${listOf(typeNames.keys())}, or a number from 0x40 to 0xfe`;
  return complain(
    field,
    `type "${text}"${codePointsOf(text)} is not known`,
    didYouMean(text, typeNames.keys()) ?? hint,
  );
}

function readSubtype(field: Field, type: number, complain: Complain): number | undefined {
  const { text } = field;
  const names = subtypeNamesOf(type);
  if (text === '') {
    if (type !== appType) return defaultSubtype;
    return complain(field, 'an app partition needs a subtype', 'factory, test or ota_0 to ota_15');
  }
  const number = names.get(text.toLowerCase()) ?? numberIn(text);
  if (number !== undefined && number <= highestType) return number;
  const numbers = `a number from 0 to ${hex(highestType)}`;
  if (names.size === 0) {
    return complain(field, `subtype "${text}" is not a number`, `type ${hex(type)} has no names for it: ${numbers}`);
  }
  const hint = didYouMean(text, names.keys()) ?? `${listOf(names.keys())}, or ${numbers}`;
  return complain(field, `subtype "${text}"${codePointsOf(text)} is not known`, hint);
}

function readSize(field: Field, complain: Complain): number | undefined {
  if (field.text === '') return complain(field, 'the size is missing', 'write it like 8K or 0x2000');
  return readNumber(field, 'size', complain);
}

function readNumber(field: Field, what: 'offset' | 'size', complain: Complain): number | undefined {
  const { text } = field;
  const number = numberIn(text);
  if (number !== undefined && number <= addressSpace) return number;
  if (number !== undefined) return complain(field, `${what} ${text} is beyond the 4 GiB that a table can address`);
  let hint = what === 'offset' ? 'write it like 0x2e000 or 184K' : 'write it like 8K or 0x2000';
  if (/^0\d/.test(text)) hint = 'leave out the leading zeros: some tools read such a number as octal';
  return complain(field, `${what} "${text}"${codePointsOf(text)} is not a number`, hint);
}

/** Python 2 read `010` as 8, Python 3 refuses it: so do we. */
const numberIn = (text: string): number | undefined => (/^0\d/.test(text) ? undefined : parseBytes(text));

function readFlags(field: Field, complain: Complain): TableEntry['flags'] {
  const given = field.text.split(':').filter((flag) => flag !== '');
  const known = ['encrypted', 'readonly'];
  for (const flag of given.filter((flag) => !known.includes(flag))) {
    const hint = didYouMean(flag, known) ?? `${known.join(' or ')}, joined by ":"`;
    complain(field, `flag "${flag}"${codePointsOf(flag)} is not known`, hint);
  }
  return { encrypted: given.includes('encrypted'), readonly: given.includes('readonly') };
}

const listOf = (names: Iterable<string>): string => [...names].join(', ');
