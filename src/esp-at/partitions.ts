import { join } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import type { Kind } from '../formats/format.ts';
import type { TableEntry } from '../formats/partition-table.ts';
import type { Partition, SkippedPartition, SourceSpec } from '../plan/project.ts';
import { type Dependencies, parseDependencies, reasonNotUsed } from './dependency.ts';
import { isFolder, readIfAny, shown, textIn } from './files.ts';
import type { Sdkconfig } from './sdkconfig.ts';

/** The file that says which partition an option needs: up to v3.0, and since. */
const dependencyFiles = ['AT_partition_dependency', 'at_customized_config_dependency.txt'];

export interface PartitionRequest {
  readonly root: string;
  readonly entries: readonly TableEntry[];
  readonly sdkconfig?: Sdkconfig;
  readonly outDir: string;
  /** The folder of sources, absolute; components/customized_partitions/raw_data if absent. */
  readonly rawData?: string;
  readonly order?: SourceSpec['order'];
  /** Free bytes to warn below, by the size of the partition. */
  readonly headroom?: (size: number) => number;
}

export interface ChosenPartitions {
  readonly partitions: readonly Partition[];
  readonly skipped: readonly SkippedPartition[];
  readonly leftAlone: readonly string[];
}

/** Sorts a table's partitions into those to build, those for certificates that are not built, and all others. */
export function choosePartitions(request: PartitionRequest, diagnostics: Diagnostic[]): ChosenPartitions {
  const { root, entries, sdkconfig } = request;
  const rawData = request.rawData ?? join(root, 'components', 'customized_partitions', 'raw_data');
  const dependencies = sdkconfig === undefined ? undefined : readDependencies(root, diagnostics);
  const partitions: Partition[] = [];
  const skipped: SkippedPartition[] = [];
  const leftAlone: string[] = [];
  for (const entry of entries) {
    const kind = kindOf(entry.name);
    if (kind === undefined) {
      leftAlone.push(entry.name);
      continue;
    }
    const { name, offset, size } = entry;
    const folder = join(rawData, name);
    const notUsed = sdkconfig && dependencies && reasonNotUsed(name, dependencies, sdkconfig);
    const reason = notUsed ?? (isFolder(folder) ? undefined : `there is no folder ${shown(root, folder)}`);
    if (reason === undefined) partitions.push(partitionOf(request, entry, kind, folder));
    else {
      skipped.push({ name, offset, size, reason });
      const details = { partition: name, ...(entry.place !== undefined && { place: entry.place }) };
      diagnostics.push(diagnostic('partition-skipped', `${name} is skipped: ${reason}`, details));
    }
  }
  // Since v3.1 all certificates lie in one partition, and the dependency file still names the old ones.
  if (sdkconfig && dependencies && partitions.length + skipped.length > 0) {
    diagnostics.push(...missingPartitions(entries, dependencies, sdkconfig));
  }
  return { partitions, skipped, leftAlone };
}

/** esp-at's own build stops here; the rest of the table can be built all the same. */
function missingPartitions(
  entries: readonly TableEntry[],
  dependencies: Dependencies,
  sdkconfig: Sdkconfig,
): Diagnostic[] {
  const present = new Set(entries.map(({ name }) => name));
  return [...dependencies.keys()]
    .filter((name) => kindOf(name) !== undefined && !present.has(name))
    .filter((name) => reasonNotUsed(name, dependencies, sdkconfig) === undefined)
    .map((name) => {
      const message = `sdkconfig has a feature on that needs the partition ${name}, but the table has none`;
      const hint = 'add it to the table, or switch the feature off';
      return diagnostic('checkout-conflict', message, { place: { file: sdkconfig.file }, partition: name, hint });
    });
}

/** Certificate partitions are known by the ending of their names. */
export function kindOf(name: string): Kind | undefined {
  const ending = /_(ca|cert|key)$/.exec(name)?.[1];
  return ending === 'ca' || ending === 'cert' || ending === 'key' ? ending : undefined;
}

function partitionOf(request: PartitionRequest, entry: TableEntry, kind: Kind, folder: string): Partition {
  const { name, offset, size, place } = entry;
  return {
    name,
    format: 'atpki',
    file: join(request.outDir, `${name}.bin`),
    offset,
    size,
    sources: [{ kind, base: request.root, path: shown(request.root, folder), order: request.order ?? 'name' }],
    ...(request.headroom !== undefined && { headroom: request.headroom(size) }),
    ...(place !== undefined && { place }),
  };
}

/** Undefined where the checkout has no such file: then no partition depends on an option. */
function readDependencies(root: string, diagnostics: Diagnostic[]): Dependencies | undefined {
  for (const name of dependencyFiles) {
    const file = join(root, 'components', 'customized_partitions', name);
    const bytes = readIfAny(file, diagnostics);
    if (bytes === undefined) continue;
    const parsed = parseDependencies(textIn(bytes), file);
    diagnostics.push(...parsed.diagnostics);
    return parsed.dependencies;
  }
  return undefined;
}
