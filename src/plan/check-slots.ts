import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Slot } from '../checks/context.ts';
import { runChecks } from '../checks/index.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { identify } from '../pki/identify.ts';
import { setOf } from './pack.ts';
import type { Project } from './project.ts';
import type { Snapshot } from './snapshot.ts';

/** What the checks have to say of everything that was read. */
export function checkSlots(project: Project, snapshots: readonly Snapshot[], now: Date): Diagnostic[] {
  const { release, expiresWithin } = project.checks;
  return (['atpki', 'nvs'] as const).flatMap((format) => {
    const chosen = snapshots.filter(({ partition }) => partition.format === format);
    const slots = chosen.flatMap(slotsOf);
    const named = chosen.flatMap(({ partition }) =>
      partition.nvs ? partition.nvs.namespaces.map(({ name }) => name) : [partition.name],
    );
    if (slots.length === 0) return [];
    return runChecks({ slots, named, target: { format, ...(release && { release }) }, now, expiresWithin });
  });
}

/** The files of a partition, each in the place where the firmware looks for it. */
function slotsOf({ partition, entries }: Snapshot): Slot[] {
  const counts = new Map<string, number>();
  return entries.flatMap(({ kind, name, file, place, bytes, nvs, identified }) => {
    if (kind === 'data') return [];
    const slot = nvs?.namespace ?? partition.name;
    const set = setOf(slot);
    const index = counts.get(slot) ?? 0;
    counts.set(slot, index + 1);
    const nul = partition.nul ?? partition.nvs?.namespaces.some((one) => one.name === slot && one.nul) ?? false;
    const mode = kind === 'key' && file !== undefined ? modeOf(file) : undefined;
    return [
      {
        ...{ set, kind, index, bytes, nul, partition: partition.name },
        ...(mode !== undefined && { mode }),
        ...(place && { place }),
        file: file ?? name,
        name: file === undefined ? name : basename(name),
        identified: identified ?? identify(bytes),
      },
    ];
  });
}

/** Windows has no modes that would say anything. */
const modeOf = (file: string): number | undefined =>
  process.platform === 'win32' ? undefined : statSync(file, { throwIfNoEntry: false })?.mode;
