import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { identify } from '../pki/identify.ts';
import { derToPem } from '../pki/to-pem.ts';
import type { SourceEntry } from './read-files.ts';

export interface PreparedEntry {
  readonly entry: SourceEntry;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A file as the firmware needs it in a slot of an NVS image: a DER becomes PEM, which every slot can take. What is no
 * certificate and no key stays as it is: the checks say so.
 */
export function preparedForSlot(entry: SourceEntry): PreparedEntry {
  const { kind, name, file, bytes } = entry;
  if (kind === 'data') return { entry, diagnostics: [] };
  const { encoding } = identify(bytes);
  const pem = encoding === 'DER' ? derToPem(bytes) : undefined;
  if (!pem?.ok) return { entry, diagnostics: [] };
  const place = file === undefined ? {} : { place: { file } };
  const message = `${name} is DER and goes into the image as PEM (${pem.value.label})`;
  return { entry: { ...entry, bytes: pem.value.bytes }, diagnostics: [diagnostic('normalized', message, place)] };
}
