import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { printable } from '../core/text.ts';
import { readStable } from '../files/read-stable.ts';
import { type ContentProvider, contentProviderOf } from './content-provider.ts';
import type { Partition } from './partition.ts';
import { placeOf, type Read, type ReadFiles, readFiles, type SourceEntry } from './read-files.ts';
import { withNul } from './with-nul.ts';

/** Every source of a partition, read once: checks, encoder and report all see these bytes. */
export interface Snapshot {
  readonly partition: Partition;
  readonly entries: readonly SourceEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the sources of a partition in their order, changed as the config asks. Names in messages are relative to
 * `root`. One `provider` serves a whole build; without one, no program is run and no variable is set.
 */
export async function readSources(
  partition: Partition,
  root: string,
  read: Read = readStable,
  provider: ContentProvider = contentProviderOf({ env: {}, exec: false }),
): Promise<Snapshot> {
  const { namespaces, name } = partition;
  const { entries, diagnostics } =
    namespaces === undefined
      ? await readPlain(partition, root, read, provider)
      : await (await import('./namespaces.ts')).readNamespaces(namespaces, root, read, provider);
  const content = partition.nul ? entries.map(withNul) : entries;
  const all = [...diagnostics, ...changesOf(content)];
  return { partition, entries: content, diagnostics: all.map((one) => ({ ...one, partition: name })) };
}

async function readPlain(
  partition: Partition,
  root: string,
  read: Read,
  provider: ContentProvider,
): Promise<ReadFiles> {
  const { sources, normalize } = partition;
  const files = await readFiles(sources, root, read, provider);
  if (normalize === undefined) return files;
  const { normalizeEntries } = await import('./normalize.ts');
  const ready = await normalizeEntries(files.entries, { normalize }, provider);
  return { entries: ready.entries, diagnostics: [...files.diagnostics, ...ready.diagnostics] };
}

/** What was changed in the entries. */
function changesOf(entries: readonly SourceEntry[]): Diagnostic[] {
  return entries.flatMap((entry) => {
    const { name, normalized } = entry;
    const place = placeOf(entry);
    if (normalized === undefined) return [];
    return [
      diagnostic('normalized', `${printable(name)} was changed: ${normalized.join('; ')}`, place ? { place } : {}),
    ];
  });
}
