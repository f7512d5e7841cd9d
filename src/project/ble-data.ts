import type { Problems } from '../core/diagnostics/problems.ts';
import { bleNamespace } from '../firmware/slots.ts';
import type { NvsEntry } from '../formats/nvs/model.ts';
import { readRows } from './from-checkout/csv.ts';

/** The entries of ble_data: each row of gatts_data.csv that is no comment, as the string `cfg0`, `cfg1`, … */
export function bleEntries(csv: string, file: string, problems: Problems): NvsEntry[] {
  return readRows(csv, file, problems)
    .filter(([first = '']) => !first.startsWith('#'))
    .map((row, index) => ({ namespace: bleNamespace, key: `cfg${index}`, type: 'string', value: row.join(',') }));
}
