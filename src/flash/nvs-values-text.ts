import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { count, listed, printable } from '../core/text.ts';
import { lengthOf } from '../formats/nvs/content.ts';
import type { NvsEntry } from '../formats/nvs/model.ts';
import type { NvsPartition } from './nvs-values.ts';

/** `https_ca/https_ca.2 (blob, 1,184 bytes)`: which value it is, never the value. */
export const entryText = (entry: NvsEntry): string =>
  `${printable(entry.namespace)}/${printable(entry.key)} (${entry.type}, ${count(lengthOf(entry), 'byte')})`;

const say = (entries: readonly NvsEntry[]): string => listed(entries.map(entryText));
const about = ({ name, place }: NvsPartition) => ({ partition: name, place });
const ofDevice = ({ name }: NvsPartition, entries: readonly NvsEntry[]): string =>
  `${count(entries.length, 'value')} in ${name} of the device that the image lacks`;

/** Said under --merge. */
export function valuesKept(partition: NvsPartition, entries: readonly NvsEntry[]): Diagnostic {
  const message = `kept ${ofDevice(partition, entries)}: ${say(entries)}`;
  return diagnostic('values-kept', message, about(partition));
}

/** Said under --overwrite. */
export function valuesReplaced(partition: NvsPartition, entries: readonly NvsEntry[]): Diagnostic {
  const message = `replaced ${ofDevice(partition, entries)}: ${say(entries)}`;
  return diagnostic('values-replaced', message, about(partition));
}

/** Said under both: these are the plan's to replace. */
export function leftOversReplaced(partition: NvsPartition, entries: readonly NvsEntry[]): Diagnostic {
  const message = `replaced what an earlier, longer list left in ${partition.name} of the device: ${say(entries)}`;
  return diagnostic('values-replaced', message, { ...about(partition), severity: 'info' });
}

/** Said where nobody can be asked, and nothing is written. */
export function valuesUndecided(partition: NvsPartition, entries: readonly NvsEntry[]): Diagnostic {
  const message = `there ${entries.length === 1 ? 'is' : 'are'} ${ofDevice(partition, entries)}: ${say(entries)}`;
  return diagnostic('device-values', message, {
    ...about(partition),
    hint: 'written at run time, by AT+SYSMFG for example: --merge keeps them, --overwrite replaces them',
  });
}
