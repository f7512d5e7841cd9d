import { hex } from '../core/bytes.ts';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { decodeTable, isBinaryTable } from './binary.ts';
import { parseTableCsv } from './csv.ts';
import type { ParsedTable, TableOptions } from './model.ts';

/** Reads a partition table in either form, told apart by the magic bytes of the binary one. */
export function readTable(bytes: Uint8Array, file: string, options: TableOptions = {}): ParsedTable {
  if (!isBinaryTable(bytes) && !file.endsWith('.bin')) {
    return parseTableCsv(new TextDecoder().decode(bytes), file, options);
  }
  const decoded = decodeTable(bytes);
  if (!decoded.ok) {
    const { message, offset } = decoded.error;
    const details = { place: { file }, hint: 'make it again from its CSV with gen_esp32part.py, or name the CSV' };
    return { entries: [], diagnostics: [diagnostic('table-syntax', `${message} (at byte ${hex(offset)})`, details)] };
  }
  return { entries: decoded.value.entries.map((entry) => ({ ...entry, place: { file } })), diagnostics: [] };
}
