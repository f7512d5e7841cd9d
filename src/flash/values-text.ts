import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { count, listed, printable } from '../core/text.ts';
import type { StoredValue } from '../formats/stored-values.ts';
import type { Partition } from '../sources/partition.ts';

type About = Pick<Partition, 'name' | 'place'>;

/** `https_ca/https_ca.2 (blob, 1,184 bytes)`: which value it is, never the value. */
export const valueText = ({ namespace, key, type, length }: StoredValue): string =>
  `${printable(namespace)}/${printable(key)} (${type}, ${count(length, 'byte')})`;

const say = (values: readonly StoredValue[]): string => listed(values.map(valueText));
const about = ({ name, place }: About) => ({ partition: name, place });
const ofDevice = ({ name }: About, values: readonly StoredValue[]): string =>
  `${count(values.length, 'value')} in ${name} of the device that the image lacks`;

/** Said under --merge. */
export function valuesKept(partition: About, values: readonly StoredValue[]): Diagnostic {
  const message = `kept ${ofDevice(partition, values)}: ${say(values)}`;
  return diagnostic('values-kept', message, about(partition));
}

/** Said under --overwrite. */
export function valuesReplaced(partition: About, values: readonly StoredValue[]): Diagnostic {
  const message = `replaced ${ofDevice(partition, values)}: ${say(values)}`;
  return diagnostic('values-replaced', message, about(partition));
}

/** Said under both: these are the plan's to replace. */
export function leftOversReplaced(partition: About, values: readonly StoredValue[]): Diagnostic {
  const message = `replaced what an earlier, longer list left in ${partition.name} of the device: ${say(values)}`;
  return diagnostic('values-replaced', message, { ...about(partition), severity: 'info' });
}

/** Said where nobody can be asked, and nothing is written. */
export function valuesUndecided(partition: About, values: readonly StoredValue[]): Diagnostic {
  const message = `there ${values.length === 1 ? 'is' : 'are'} ${ofDevice(partition, values)}: ${say(values)}`;
  return diagnostic('device-values', message, {
    ...about(partition),
    hint: 'written at run time, by AT+SYSMFG for example: --merge keeps them, --overwrite replaces them',
  });
}
