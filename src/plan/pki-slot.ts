import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { identify } from '../pki/identify.ts';
import { derToPem } from '../pki/to-pem.ts';
import type { SourceEntry } from './read-files.ts';

const wanted = { ca: 'certificate', cert: 'certificate', key: 'private key' } as const;

export interface PreparedEntry {
  readonly entry: SourceEntry;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A file as the firmware needs it in a slot of an NVS image: a DER becomes PEM, which every slot can take. A file that
 * holds nothing of the slot's kind is an error.
 */
export function preparedForSlot(entry: SourceEntry): PreparedEntry {
  const { kind, name, file, bytes } = entry;
  if (kind === 'data') return { entry, diagnostics: [] };
  const place = file === undefined ? {} : { place: { file } };
  const { what, encoding, objects } = identify(bytes);
  if (!objects.some(({ type }) => type === wanted[kind])) {
    const hint = `the slot takes a ${wanted[kind]}: was the file put into the wrong folder?`;
    const message = `${name} is ${article(what)}, no ${wanted[kind]}`;
    return { entry, diagnostics: [diagnostic('slot-kind', message, { ...place, hint })] };
  }
  if (encoding !== 'DER') return { entry, diagnostics: [] };
  const pem = derToPem(bytes);
  if (!pem.ok) return { entry, diagnostics: [diagnostic('unparsable', `${name} ${pem.error.message}`, place)] };
  const message = `${name} is DER and goes into the image as PEM (${pem.value.label})`;
  return { entry: { ...entry, bytes: pem.value.bytes }, diagnostics: [diagnostic('normalized', message, place)] };
}

const article = (what: string): string => (/^(text|data|empty)$/.test(what) ? what : `a ${what}`);
