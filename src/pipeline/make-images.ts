import type { Judge } from '../checks/severity.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { readStable } from '../files/read-stable.ts';
import { encodeTable } from '../partition-table/binary.ts';
import type { Project } from '../project/project.ts';
import { contentProviderOf, type Surroundings } from '../sources/content-provider.ts';
import type { Partition } from '../sources/partition.ts';
import { readSources, type Snapshot } from '../sources/snapshot.ts';
import { checkSlots } from './check-slots.ts';
import type { Image, TableImage } from './image.ts';
import { type Candidate, pack, setOf } from './pack.ts';

export interface ImagesRequest {
  /** The partitions to make images of; all where empty. */
  readonly names: readonly string[];
  /** The time that validity is judged at. */
  readonly now: Date;
  /** Judges by the severities that were asked for: what is an error holds its image back. */
  readonly isError: Judge;
  /** What sources may use besides files. */
  readonly surroundings: Surroundings;
}

export interface MadeImages {
  /** In the order of the project. */
  readonly images: readonly Image[];
  readonly held: readonly HeldPartition[];
  readonly table?: TableImage;
  /** When the checks may say something else although nothing changed. Milliseconds since 1970. */
  readonly until?: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** A partition that nothing may be written for. */
export interface HeldPartition {
  readonly partition: Partition;
  /** `failed`: it has errors. `skipped`: others have, and its image belongs to theirs. */
  readonly status: 'failed' | 'skipped';
  readonly reason?: string;
  readonly image?: Image;
}

/**
 *   read sources → check → encode → fit
 *
 * Makes images, bytes and all, and touches no file of the output. The diagnostics have the codes' own severities.
 */
export async function makeImages(project: Project, request: ImagesRequest): Promise<MadeImages> {
  const { names, now, isError, surroundings } = request;
  // The rest of a set is read, too: whether a key is the right one, its certificate says.
  const isWanted = ({ name }: Partition): boolean => names.length === 0 || names.includes(name);
  const sets = new Set(names.map(setOf));
  const provider = contentProviderOf(surroundings);
  const read: Snapshot[] = [];
  for (const partition of project.partitions) {
    if (!isWanted(partition) && !sets.has(setOf(partition.name))) continue;
    const snapshot = await readSources(partition, project.root, readStable, provider);
    const interruption = snapshot.diagnostics.find(({ code }) => code === 'interrupted');
    if (interruption) return { images: [], held: [], diagnostics: [interruption] };
    read.push(snapshot);
  }
  const { snapshots, others, until } = checked(project, read, now);
  const candidates = snapshots.map((snapshot) => pack(snapshot, isError));
  return {
    ...sorted(candidates, others.some(isError), isWanted),
    table: project.table && tableImage(project.table),
    until,
    diagnostics: [...others, ...candidates.flatMap(({ diagnostics }) => diagnostics)],
  };
}

/** Runs the checks: the snapshots with their findings, and in `others` the findings of no partition. */
function checked(project: Project, read: readonly Snapshot[], now: Date) {
  const { found, until } = checkSlots(project, read, now);
  const names = new Set(read.map(({ partition }) => partition.name));
  const snapshots = read.map((snapshot): Snapshot => {
    const own = found.filter(({ partition }) => partition === snapshot.partition.name);
    return { ...snapshot, diagnostics: [...snapshot.diagnostics, ...own] };
  });
  const others = found.filter(({ partition }) => partition === undefined || !names.has(partition));
  return { snapshots, others, until };
}

/** Those that may be written and those that may not: the images of a set are written all or not at all. */
function sorted(
  candidates: readonly Candidate[],
  isHeldWhole: boolean,
  isWanted: (partition: Partition) => boolean,
): Pick<MadeImages, 'images' | 'held'> {
  const broken = new Set(candidates.filter(({ image }) => !image).map(({ partition }) => setOf(partition.name)));
  const images: Image[] = [];
  const held: HeldPartition[] = [];
  for (const { partition, image } of candidates) {
    if (!isWanted(partition)) continue;
    const set = setOf(partition.name);
    const skip = (reason: string) => held.push({ partition, status: 'skipped', reason, image });
    if (image === undefined) held.push({ partition, status: 'failed' });
    else if (isHeldWhole) skip('there is an error that concerns no single partition');
    else if (broken.has(set)) skip(`another image of the set ${set} has errors`);
    else images.push(image);
  }
  return { images, held };
}

const tableImage = ({ entries, file, offset }: NonNullable<Project['table']>): TableImage => ({
  file,
  offset,
  bytes: encodeTable(entries),
});
