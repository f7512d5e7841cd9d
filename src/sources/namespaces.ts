import { readdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { setIncomplete } from '../checks/set-incomplete.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Problems } from '../core/diagnostics/problems.ts';
import { append } from '../core/lists.ts';
import { byCodePoint, joined } from '../core/text.ts';
import { kindOfPath } from '../files/path-kind.ts';
import { keysOf, referenceKeys, slotsOf } from '../firmware/slots.ts';
import { kindOf } from '../formats/format.ts';
import { isInteger } from '../formats/nvs/model.ts';
import type { ContentProvider } from './content-provider.ts';
import { normalizeEntries } from './normalize.ts';
import type { NamespacePlan, ValuePlan } from './partition.ts';
import { placeOf, type Read, readFiles, type SourceEntry } from './read-files.ts';
import { withNul } from './with-nul.ts';

/** Reads what goes into an image, namespace by namespace, each file under the key that it gets. */
export async function readNamespaces(
  namespaces: readonly NamespacePlan[],
  root: string,
  read: Read,
  provider: ContentProvider,
  problems: Problems,
): Promise<readonly SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for (const namespace of namespaces) {
    const files = await readFiles(namespace.sources, root, read, provider, problems);
    const asIs = isReference(namespace);
    // What is no certificate and no key stays as it is: the checks say so.
    const slot = { normalize: namespace.normalize, derToPem: !asIs };
    const ready = await normalizeEntries(files, slot, provider, problems);
    const finished = namespace.nul ? ready.map(withNul) : ready;
    const named = asIs ? asReference(namespace, finished) : asFirmware(namespace, finished);
    append(entries, named.entries);
    problems.addAll(named.diagnostics);
    append(
      entries,
      namespace.values.map((value) => entryOf(value, namespace)),
    );
  }
  return entries;
}

/** Entries under their keys, and what is to be said of the choice of keys. */
interface Keyed {
  readonly entries: readonly SourceEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A value as an entry. Under a key that the firmware looks up it is a certificate or key, as a file is. */
function entryOf({ key, type, bytes, place }: ValuePlan, { name: namespace, kind }: NamespacePlan): SourceEntry {
  const [, number] = key.startsWith(namespace) ? (/^(?:\.(\d+))?$/.exec(key.slice(namespace.length)) ?? []) : [];
  const isSlot = !isInteger(type) && (key === namespace || number !== undefined);
  return {
    name: `${namespace}.${key}`,
    kind: (isSlot ? (kind ?? kindOf(namespace)) : undefined) ?? 'data',
    bytes,
    storedAs: { namespace, key, type },
    index: isSlot ? Number(number ?? 0) : undefined,
    place,
  };
}

/** The reference lists folders, and so has no key for what is in none. */
const isReference = ({ naming, sources }: NamespacePlan): boolean =>
  naming === 'reference' && sources.every((source) => 'path' in source);

/** Keys by what the firmware looks up. */
function asFirmware({ name, sources, place }: NamespacePlan, entries: readonly SourceEntry[]): Keyed {
  const keys = keysOf(name, entries.length);
  const placed = entries.map((entry, index) => placedAt(entry, name, keys[index] ?? name));
  if (slotsOf(name) === 'single' && entries.length > 1) {
    const files = joined(entries.map(({ name: one, file }) => (file ? basename(one) : one)));
    const message = `${name} is one slot of the firmware, and there are ${entries.length} files for it: ${files}`;
    const [first] = entries;
    const where = place ?? (first && placeOf(first));
    const hint = 'keep one of them; to send a chain, put its certificates into one file';
    const tooMany = diagnostic(setIncomplete, message, { place: where, hint });
    return { entries: placed, diagnostics: [tooMany] };
  }
  const [source, ...others] = sources;
  const isOne = source !== undefined && 'path' in source && others.length === 0;
  const folder = isOne ? resolve(source.base, source.path) : undefined;
  const isFolder = folder !== undefined && kindOfPath(folder) === 'folder';
  return { entries: placed, diagnostics: isFolder ? whereReferenceDiffers(name, folder, placed) : [] };
}

/** What esp-at's own script would make of the same folder, where that is not what the firmware looks up. */
function whereReferenceDiffers(namespace: string, folder: string, entries: readonly SourceEntry[]): Diagnostic[] {
  const keys = referenceKeys(namespace, readdirSync(folder).sort(byCodePoint));
  return entries.flatMap(({ name, file, storedAs }) => {
    const fileName = basename(name);
    const key = keys.get(fileName);
    if (key === storedAs?.key || kindOf(namespace) === undefined) return [];
    const theirs =
      key === undefined
        ? `would leave ${fileName} out`
        : `would store ${fileName} as ${key}, where the firmware never looks`;
    const message = `esp-at's own build ${theirs}; it is ${storedAs?.key} here`;
    const hint = '"compat": "reference" in the config makes the same image as that build';
    return [diagnostic('reference-differs', message, { place: file ? { file } : undefined, hint })];
  });
}

/** Keys and choice of files as esp-at's own script has them, which lists folders. */
function asReference({ name }: NamespacePlan, entries: readonly SourceEntry[]): Keyed {
  const listings = new Map<string, Map<string, string>>();
  const placed = entries.flatMap((entry) => {
    const folder = dirname(entry.file ?? '');
    const keys = listings.get(folder) ?? referenceKeys(name, readdirSync(folder).sort(byCodePoint));
    listings.set(folder, keys);
    const key = keys.get(basename(entry.name));
    return key === undefined ? [] : [placedAt(entry, name, key)];
  });
  return { entries: placed, diagnostics: [] };
}

const placedAt = (entry: SourceEntry, namespace: string, key: string): SourceEntry => ({
  ...entry,
  storedAs: { namespace, key, type: 'blob' },
});
