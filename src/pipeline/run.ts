import { join } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { didYouMean, joined } from '../core/text.ts';
import type { Project } from '../project/project.ts';
import type { Partition } from '../sources/partition.ts';
import { hashOf, type Image } from './image.ts';
import { type ImagesRequest, type MadeImages, makeImages } from './make-images.ts';
import type { FileResult, PartitionResult } from './result.ts';
import { type WriteRequest, type WrittenImages, writeImages } from './write-images.ts';

export type Run = ImagesRequest & WriteRequest;

/** What a run came to. Its diagnostics have the codes' own severities. */
export interface Outcome {
  readonly partitions: readonly PartitionResult[];
  readonly table?: FileResult;
  readonly files: readonly FileResult[];
  readonly images?: readonly Image[];
  readonly until?: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes the images of a project and writes those that changed. Every command is this, with another end. */
export async function runPipeline(project: Project, run: Run): Promise<Outcome> {
  const unknown = unknownNames(project, run.names);
  if (unknown.length > 0) return { partitions: [], files: [], diagnostics: unknown };
  const made = await makeImages(project, run);
  if (made.diagnostics.some(({ code }) => code === 'interrupted'))
    return { partitions: [], files: [], diagnostics: made.diagnostics };
  const written = writeImages(project, made, run);
  const { table, files, diagnostics } = written;
  const isWhole = run.names.length === 0;
  return {
    partitions: rowsOf(project, made, written, isWhole),
    table,
    files,
    images: made.images,
    until: made.until,
    diagnostics: [...made.diagnostics, ...diagnostics, ...(isWhole ? leftAlone(project) : [])],
  };
}

function unknownNames(project: Project, names: readonly string[]): Diagnostic[] {
  const known = project.partitions.map(({ name }) => name);
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const skippedOne = project.skipped.find((partition) => partition.name === name);
      if (skippedOne) return diagnostic('usage', `${name} cannot be built: ${skippedOne.reason}`, { partition: name });
      const hint = didYouMean(name, known, '') ?? `there are ${joined(known)}`;
      return diagnostic('usage', `there is no partition "${name}" to build`, { hint });
    });
}

/** A row for each partition that was asked for, in the order of the project. */
function rowsOf(
  project: Project,
  { images, held }: MadeImages,
  { statuses }: WrittenImages,
  isWhole: boolean,
): PartitionResult[] {
  const rows = new Map<Partition, PartitionResult>();
  for (const image of images) {
    rows.set(image.partition, { ...describe(image.partition, image), status: statuses.get(image) ?? 'failed' });
  }
  for (const { partition, image, status, reason } of held) {
    rows.set(partition, { ...describe(partition, image), status, reason });
  }
  const inOrder = project.partitions.flatMap((partition) => rows.get(partition) ?? []);
  if (!isWhole || project.skipped.length === 0) return inOrder;
  // A table says where both lie: they stand in its order.
  return [...inOrder, ...project.skipped.map((partition) => skipped(project, partition))].sort(
    (a, b) => (a.offset ?? 0) - (b.offset ?? 0),
  );
}

function describe({ name, format, file, offset, size }: Partition, image: Image | undefined) {
  const { used, items = [], room } = image ?? {};
  return { name, format, file, offset, size, used, items, room, hash: image && hashOf(image) };
}

function skipped(project: Project, { name, offset, size, reason }: Project['skipped'][number]): PartitionResult {
  const file = join(project.outDir, `${name}.bin`);
  return { name, format: 'atpki', file, offset, size, status: 'skipped', reason, items: [] };
}

function leftAlone({ leftAlone: names, table }: Project): Diagnostic[] {
  if (names.length === 0) return [];
  const message = `left alone, since they hold no certificates: ${joined(names)}`;
  return [diagnostic('partition-left-alone', message, { place: table && { file: table.csv } })];
}
