import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Judge } from '../checks/severity.ts';
import { sha256 } from '../core/crypto.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import { didYouMean, joined } from '../core/text.ts';
import { readStable } from '../files/read-stable.ts';
import { sweep } from '../files/temporary.ts';
import type { Packed } from '../formats/format.ts';
import { encodeTable } from '../partition-table/binary.ts';
import type { Project } from '../project/project.ts';
import { outsideOf, type Surroundings } from '../sources/content-provider.ts';
import type { Partition } from '../sources/partition.ts';
import { readSources, type Snapshot } from '../sources/snapshot.ts';
import { checkSlots } from './check-slots.ts';
import { type FlashImage, flashArgs, flasherArgsJson } from './flash-args.ts';
import { pack, setOf } from './pack.ts';
import { type Mode, putFile } from './put-file.ts';
import type { FileResult, PartitionResult, Status } from './result.ts';

/**
 *   read sources → check → encode → fit → compare with what is there → write
 *
 * Every command is this pipeline started or stopped at a different step.
 */
export interface Run {
  readonly mode: Mode;
  /** The partitions to build; all where empty. */
  readonly names: readonly string[];
  /** Write equal images too. */
  readonly force: boolean;
  /** The time that validity is judged at. */
  readonly now: Date;
  /** Judges by the severities that were asked for: what is an error holds its image back. */
  readonly isError: Judge;
  /** What sources may use besides files. */
  readonly surroundings: Surroundings;
}

/** Result of a run. Its diagnostics have the codes' own severities. */
export interface Outcome {
  readonly partitions: readonly PartitionResult[];
  readonly table?: FileResult;
  readonly files: readonly FileResult[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function runPipeline(project: Project, run: Run): Promise<Outcome> {
  const unknown = unknownNames(project, run.names);
  if (unknown.length > 0) return { partitions: [], files: [], diagnostics: unknown };

  // The rest of a set is read, too: whether a key is the right one, its certificate says.
  const wanted = (name: string): boolean => run.names.length === 0 || run.names.includes(name);
  const sets = new Set(run.names.map(setOf));
  const outside = outsideOf(run.surroundings);
  const read: Snapshot[] = [];
  for (const partition of project.partitions) {
    if (!wanted(partition.name) && !sets.has(setOf(partition.name))) continue;
    const snapshot = await readSources(partition, project.root, readStable, outside);
    const interruption = snapshot.diagnostics.find(({ code }) => code === 'interrupted');
    if (interruption) return { partitions: [], files: [], diagnostics: [interruption] };
    read.push(snapshot);
  }
  const { snapshots, others } = checked(project, read, run.now);
  const candidates = snapshots.map((snapshot) => pack(snapshot, run.isError));
  const held = new Set(candidates.filter(({ packed }) => !packed).map(({ partition }) => setOf(partition.name)));
  const isHeldWhole = others.some(run.isError);

  if (run.mode === 'write') sweep(project.outDir);
  const diagnostics = [...others, ...candidates.flatMap((candidate) => candidate.diagnostics)];
  const output = (file: string, bytes: Uint8Array, secret: boolean): Status => {
    const put = putFile(file, bytes, { secret, within: project.outDir }, run.mode, run.force);
    append(diagnostics, put.diagnostics);
    return put.status;
  };

  const partitions: PartitionResult[] = [];
  const made = new Set<string>();
  for (const { partition, packed, secret } of candidates) {
    if (!wanted(partition.name)) continue;
    const result = describe(partition, packed);
    const set = setOf(partition.name);
    if (packed === undefined) partitions.push({ ...result, status: 'failed' });
    else if (isHeldWhole) {
      partitions.push({ ...result, status: 'skipped', reason: 'there is an error that concerns no single partition' });
    } else if (held.has(set)) {
      partitions.push({ ...result, status: 'skipped', reason: `another image of the set ${set} has errors` });
    } else {
      partitions.push({ ...result, status: output(partition.file, packed.image, secret) });
      made.add(partition.file);
    }
  }
  if (run.names.length === 0) {
    append(
      partitions,
      project.skipped.map((one) => skipped(project, one)),
    );
    // Where a table says both, they stand in its order.
    if (project.skipped.length > 0) partitions.sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
    append(diagnostics, leftAlone(project));
  }

  const table = project.table && putTable(project.table, output);
  const images = flashImages(project, (file) => made.has(file) || existsSync(file));
  const files = images.length > 0 ? putFlashArgs(project, images, output) : [];
  return { partitions, table, files, diagnostics };
}

/** Runs the checks: the snapshots with their findings, and in `others` the findings of no partition. */
function checked(project: Project, read: readonly Snapshot[], now: Date) {
  const found = checkSlots(project, read, now);
  const names = new Set(read.map(({ partition }) => partition.name));
  const snapshots = read.map((snapshot): Snapshot => {
    const own = found.filter(({ partition }) => partition === snapshot.partition.name);
    return { ...snapshot, diagnostics: [...snapshot.diagnostics, ...own] };
  });
  const others = found.filter(({ partition }) => partition === undefined || !names.has(partition));
  return { snapshots, others };
}

/** Everything with an image and an offset, also what this run was not asked to build: flash_args is about all of it. */
function flashImages({ partitions, table }: Project, hasImage: (file: string) => boolean): FlashImage[] {
  const images = partitions.flatMap(({ name, file, offset }) =>
    offset !== undefined && hasImage(file) ? [{ name, file, offset }] : [],
  );
  if (table?.offset !== undefined) images.push({ name: 'at_customize', file: table.file, offset: table.offset });
  return images;
}

function leftAlone({ leftAlone: names, table }: Project): Diagnostic[] {
  if (names.length === 0) return [];
  const message = `left alone, since they hold no certificates: ${joined(names)}`;
  return [diagnostic('partition-left-alone', message, table ? { place: { file: table.csv } } : {})];
}

function unknownNames(project: Project, names: readonly string[]): Diagnostic[] {
  const known = project.partitions.map(({ name }) => name);
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const skippedOne = project.skipped.find((one) => one.name === name);
      if (skippedOne) return diagnostic('usage', `${name} cannot be built: ${skippedOne.reason}`, { partition: name });
      const hint = didYouMean(name, known, '') ?? `there are ${joined(known)}`;
      return diagnostic('usage', `there is no partition "${name}" to build`, { hint });
    });
}

function describe(partition: Partition, packed: Packed | undefined): Omit<PartitionResult, 'status'> {
  const { name, format, file, offset, size } = partition;
  return {
    name,
    format,
    file,
    offset,
    size,
    used: packed?.used,
    sha256: packed && sha256(packed.image),
    items: packed?.items ?? [],
    room: packed?.room,
  };
}

function skipped(project: Project, { name, offset, size, reason }: Project['skipped'][number]): PartitionResult {
  const file = join(project.outDir, `${name}.bin`);
  return { name, format: 'atpki', file, offset, size, status: 'skipped', reason, items: [] };
}

type Output = (file: string, bytes: Uint8Array, secret: boolean) => Status;

function putTable({ entries, file, offset }: NonNullable<Project['table']>, output: Output): FileResult {
  const bytes = encodeTable(entries);
  return { file, offset, sha256: sha256(bytes), status: output(file, bytes, false) };
}

function putFlashArgs(project: Project, images: readonly FlashImage[], output: Output): FileResult[] {
  const texts = {
    flash_args: flashArgs(images, project.flash, project.outDir),
    'flasher_args.json': flasherArgsJson(images, project.flash, project.outDir),
  };
  return Object.entries(texts).map(([name, text]) => {
    const file = join(project.outDir, name);
    return { file, status: output(file, new TextEncoder().encode(text), false) };
  });
}
