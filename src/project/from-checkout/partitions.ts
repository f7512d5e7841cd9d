import { join } from 'node:path';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { type Kind, kindOf } from '../../formats/format.ts';
import type { TableEntry } from '../../partition-table/model.ts';
import type { Content, Partition } from '../../sources/partition.ts';
import type { SkippedPartition } from '../project.ts';
import { type Dependencies, readDependencies, reasonNotUsed } from './dependency.ts';
import { isFolder, rawDataOf, shown } from './files.ts';
import { type MfgNvsRequest, mfgNvs, planMfgNvs } from './mfg-nvs.ts';
import type { Sdkconfig } from './sdkconfig.ts';

export interface PartitionRequest extends Omit<MfgNvsRequest, 'rawData' | 'dependencies'> {
  readonly entries: readonly TableEntry[];
  readonly outDir: string;
  /** The folder of sources, absolute; components/customized_partitions/raw_data if absent. */
  readonly rawData?: string;
  /** Free bytes to warn below, by the size of the partition. */
  readonly headroom?: (size: number) => number;
}

export interface ChosenPartitions {
  readonly partitions: readonly Partition[];
  readonly skipped: readonly SkippedPartition[];
  readonly leftAlone: readonly string[];
}

/** Sorts a table's partitions into those to build, those for certificates that are not built, and all others. */
export function choosePartitions(request: PartitionRequest, problems: Problems): ChosenPartitions {
  const { root, entries, sdkconfig } = request;
  const rawData = request.rawData ?? rawDataOf(root);
  const dependencies = readDependencies(root, problems);
  const partitions: Partition[] = [];
  const skipped: SkippedPartition[] = [];
  const leftAlone: string[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    const { name, offset, size } = entry;
    // The table is refused for it. To plan the same partition 100,000 times would take its time.
    if (seen.has(name)) continue;
    seen.add(name);
    const kind = kindOf(name);
    if (kind === undefined && name !== mfgNvs) {
      leftAlone.push(name);
      continue;
    }
    const folder = join(rawData, name);
    const notUsed = sdkconfig && dependencies && reasonNotUsed(name, dependencies, sdkconfig);
    const missing = kind === undefined || isFolder(folder) ? undefined : `there is no folder ${shown(root, folder)}`;
    const reason = notUsed ?? missing;
    if (reason === undefined) {
      const content =
        kind === undefined ? { nvs: planMfgNvs({ ...request, rawData, dependencies }, problems) } : { kind, folder };
      partitions.push(partitionOf(request, entry, content));
    } else {
      skipped.push({ name, offset, size, reason });
      const details = { partition: name, place: entry.place };
      problems.add(diagnostic('partition-skipped', `${name} is skipped: ${reason}`, details));
    }
  }
  // Since v3.1 all certificates lie in one partition, and the dependency file still names the old ones.
  if (sdkconfig && dependencies && !entries.some(({ name }) => name === mfgNvs)) {
    problems.addAll(missingPartitions(entries, dependencies, sdkconfig));
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

type Wanted = { readonly kind: Kind; readonly folder: string } | { readonly nvs: Content };

function partitionOf(request: PartitionRequest, entry: TableEntry, wanted: Wanted): Partition {
  const { name, offset, size, place } = entry;
  const { root, order = 'name' } = request;
  return {
    name,
    file: join(request.outDir, `${name}.bin`),
    offset,
    size,
    ...('nvs' in wanted
      ? { format: 'nvs', ...wanted.nvs }
      : { format: 'atpki', sources: [{ kind: wanted.kind, base: root, path: shown(root, wanted.folder), order }] }),
    headroom: request.headroom?.(size),
    place,
  };
}
