import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { Problems } from '../core/diagnostics/problems.ts';
import { printable } from '../core/text.ts';
import { readStable } from '../files/read-stable.ts';
import { type ContentProvider, contentProviderOf } from './content-provider.ts';
import type { Partition } from './partition.ts';
import { placeOf, type Read, readFiles, type SourceEntry } from './read-files.ts';
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
  const problems = new Problems();
  const entries =
    namespaces === undefined
      ? await readPlain(partition, root, read, provider, problems)
      : await (await import('./namespaces.ts')).readNamespaces(namespaces, root, read, provider, problems);
  const content = partition.nul ? entries.map(withNul) : entries;
  problems.addAll(changesOf(content));
  const diagnostics = problems.all.map((problem) => ({ ...problem, partition: name }));
  return { partition, entries: content, diagnostics };
}

async function readPlain(
  partition: Partition,
  root: string,
  read: Read,
  provider: ContentProvider,
  problems: Problems,
): Promise<readonly SourceEntry[]> {
  const { sources, normalize } = partition;
  const files = await readFiles(sources, root, read, provider, problems);
  if (normalize === undefined) return files;
  const { normalizeEntries } = await import('./normalize.ts');
  return normalizeEntries(files, { normalize }, provider, problems);
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
