import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { printable } from '../core/text.ts';
import { identify } from '../pki/identify.ts';
import { placeOf, type SourceEntry } from './read-files.ts';

const wanted = { ca: 'certificate', cert: 'certificate', key: 'private key' } as const;

/** A file that holds nothing of its slot's kind is an error. */
export function checkKind(entry: SourceEntry): Diagnostic[] {
  const { kind, name, bytes } = entry;
  if (kind === 'data') return [];
  const { what, objects } = identify(bytes);
  if (objects.some(({ type }) => type === wanted[kind])) return [];
  const place = placeOf(entry);
  const hint = `the slot takes a ${wanted[kind]}: was the file put into the wrong folder?`;
  const message = `${printable(name)} is ${article(what)}, no ${wanted[kind]}`;
  return [diagnostic('slot-kind', message, { ...(place && { place }), hint })];
}

const article = (what: string): string => (/^(text|data|empty)$/.test(what) ? what : `a ${what}`);
