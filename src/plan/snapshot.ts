import type { Diagnostic } from '../core/diagnostic.ts';
import { readNamespaces } from './namespaces.ts';
import type { Partition } from './project.ts';
import { type Read, readFiles, type SourceEntry } from './read-files.ts';
import { readStable } from './read-stable.ts';
import { withNul } from './with-nul.ts';

/** Every source of a partition, read once: checks, encoder and report all see these bytes. */
export interface Snapshot {
  readonly partition: Partition;
  readonly entries: readonly SourceEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the sources of a partition in their order. Names in messages are relative to `root`. */
export async function readSources(partition: Partition, root: string, read: Read = readStable): Promise<Snapshot> {
  const { nvs, sources, name } = partition;
  const { entries, diagnostics } =
    nvs === undefined ? await readFiles(sources, root, read) : await readNamespaces(nvs, root, read);
  const content = partition.nul ? entries.map(withNul) : entries;
  return { partition, entries: content, diagnostics: diagnostics.map((one) => ({ ...one, partition: name })) };
}
