import { freeName } from './file-name.ts';
import { type NvsContent, type NvsEntry, namespacesOf } from './model.ts';

export interface CsvFiles {
  readonly csv: string;
  /** Files that the CSV names, to be put beside it. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** Bytes up to which a blob stands in the CSV itself. */
const shortBlob = 32;

export interface CsvPlan {
  /** Names that no file may get, such as the CSV's own. */
  readonly reserved?: readonly string[];
  /** Names files itself, and puts every string and blob into one. */
  readonly nameOf?: (entry: NvsEntry) => string;
}

/**
 * A CSV that gives the same content again. A namespace cannot be opened twice in one, so keys are grouped by namespace;
 * within it they keep their order.
 */
export function writeCsv(content: NvsContent, { reserved = [], nameOf }: CsvPlan = {}): CsvFiles {
  const files: { name: string; bytes: Uint8Array }[] = [];
  const taken = new Set(reserved.map((name) => name.toLowerCase()));
  const inFile = (entry: NvsEntry, extension: string, bytes: Uint8Array): string => {
    const name = nameOf ? nameOf(entry) : freeName(`${entry.namespace}.${entry.key}`, extension, taken);
    files.push({ name, bytes });
    return name;
  };

  const byNamespace = new Map<string, NvsEntry[]>(namespacesOf(content).map((name) => [name, []]));
  for (const entry of content.entries) byNamespace.get(entry.namespace)?.push(entry);
  const rows = [['key', 'type', 'encoding', 'value']];
  for (const [namespace, entries] of byNamespace) {
    rows.push([namespace, 'namespace', '', '']);
    for (const entry of entries) rows.push([entry.key, ...valueCells(entry, inFile, nameOf !== undefined)]);
  }
  return { csv: rows.map((cells) => `${cells.map(cellText).join(',')}\n`).join(''), files };
}

type InFile = (entry: NvsEntry, extension: string, bytes: Uint8Array) => string;

function valueCells(
  entry: NvsEntry,
  inFile: InFile,
  allInFiles: boolean,
): [type: string, encoding: string, value: string] {
  const { type, value } = entry;
  if (type === 'blob') {
    if (value.length <= shortBlob && !allInFiles) return ['data', 'hex2bin', Buffer.from(value).toString('hex')];
    return ['file', 'binary', inFile(entry, '.bin', value)];
  }
  if (type !== 'string') return ['data', type, String(value)];
  // A carriage return would come back as a line feed, and the reference drops lines that begin with "#".
  if (typeof value === 'string' && !allInFiles && !/\r|\n#/.test(value)) return ['data', 'string', value];
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return ['file', 'string', inFile(entry, '.txt', bytes)];
}

const cellText = (text: string): string => (/[",\n\r]|^[\s#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
