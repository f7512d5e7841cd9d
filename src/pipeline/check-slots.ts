import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Slot } from '../checks/context.ts';
import { runChecks } from '../checks/index.ts';
import { identify } from '../formats/identify.ts';
import { formats } from '../formats/index.ts';
import type { Project } from '../project/project.ts';
import type { Snapshot } from '../sources/snapshot.ts';
import { setOf } from './pack.ts';

/**
 * Runs the checks over everything that was read, format by format: a set lies in images of one format. `until` is when
 * they may find something else in the same.
 */
export function checkSlots(project: Project, snapshots: readonly Snapshot[], now: Date) {
  const { release, mbedTls, expiresWithin } = project.checks;
  const used = new Set(snapshots.map(({ partition }) => partition.format));
  let until = Number.MAX_SAFE_INTEGER;
  const found = [...used].flatMap((format) => {
    const chosen = snapshots.filter(({ partition }) => partition.format === format);
    const slots = chosen.flatMap(slotsOf);
    for (const slot of slots) for (const time of changesOf(slot, now)) until = Math.min(until, time);
    const named = chosen.flatMap(({ partition }) => (partition.namespaces ?? [partition]).map(({ name }) => name));
    if (slots.length === 0) return [];
    return runChecks({ slots, named, target: { format, release, mbedTls }, now, expiresWithin });
  });
  return { found, until };
}

const day = 24 * 60 * 60 * 1000;

/** The next moments at which a whole number of days lies between now and a date of a certificate. */
function changesOf({ identified }: Slot, now: Date): number[] {
  const dates = identified.objects.flatMap(({ certificate }) =>
    certificate ? [certificate.notBefore.getTime(), certificate.notAfter.getTime()] : [],
  );
  return dates.map((date) => date + day * Math.ceil((now.getTime() - date) / day));
}

/** The certificates and keys of a partition, each in the place where the firmware looks for it. */
function slotsOf({ partition, entries }: Snapshot): Slot[] {
  const counts = new Map<string, number>();
  return entries.flatMap((entry) => {
    const { kind, name, file, place, bytes, storedAs } = entry;
    if (kind === 'data') return [];
    const identified = entry.identified ?? identify(bytes);
    // The file may be an image that was packed before: only a certificate or key in it is one for sure.
    if (formats[partition.format].isAnyFile && identified.objects.length === 0) return [];
    const slot = storedAs?.namespace ?? partition.name;
    const set = setOf(slot);
    const index = entry.index ?? counts.get(slot) ?? 0;
    counts.set(slot, index + 1);
    const mode = kind === 'key' && file !== undefined ? modeOf(file) : undefined;
    return [
      {
        ...{ set, kind, index, bytes, identified, partition: partition.name },
        mode,
        place,
        file: file ?? name,
        name: file === undefined ? name : basename(name),
      },
    ];
  });
}

/** Windows has no modes that would say anything. */
const modeOf = (file: string): number | undefined =>
  process.platform === 'win32' ? undefined : statSync(file, { throwIfNoEntry: false })?.mode;
