import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { Problems } from '../core/diagnostics/problems.ts';
import { sweep } from '../files/temporary.ts';
import type { Project } from '../project/project.ts';
import { type FlashImage, flashArgs, flasherArgsJson } from './flash-args.ts';
import { hashOf, type Image } from './image.ts';
import type { MadeImages } from './make-images.ts';
import { type Mode, putFile } from './put-file.ts';
import type { FileResult, Status } from './result.ts';

export interface WriteRequest {
  readonly mode: Mode;
  /** Write equal images too. */
  readonly force: boolean;
}

export interface WrittenImages {
  readonly statuses: ReadonlyMap<Image, Status>;
  readonly table?: FileResult;
  /** The arguments for esptool. */
  readonly files: readonly FileResult[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares images with what lies in the output folder, and does with those that differ what the mode says. */
export function writeImages(
  project: Pick<Project, 'outDir' | 'partitions' | 'table' | 'flash'>,
  { images, table }: Pick<MadeImages, 'images' | 'table'>,
  { mode, force }: WriteRequest,
): WrittenImages {
  if (mode === 'write') sweep(project.outDir);
  const problems = new Problems();
  const put = (file: string, bytes: Uint8Array, secret = false): Status =>
    putFile(file, bytes, { secret, within: project.outDir, mode, force }, problems);
  const statuses = new Map<Image, Status>();
  for (const image of images) statuses.set(image, put(image.partition.file, image.bytes, image.isSecret));
  const tableResult = table && {
    file: table.file,
    offset: table.offset,
    hash: hashOf(table),
    status: put(table.file, table.bytes),
  };

  const made = new Set(images.map(({ partition }) => partition.file));
  const all = flashImages(project, (file) => made.has(file) || existsSync(file));
  const files = Object.entries(all.length > 0 ? argumentFiles(project, all) : {}).map(([name, text]): FileResult => {
    const file = join(project.outDir, name);
    return { file, status: put(file, new TextEncoder().encode(text)) };
  });
  return { statuses, table: tableResult, files, diagnostics: problems.all };
}

/** Everything with an image and an offset, also what this run was not asked to build: flash_args is about all of it. */
function flashImages(
  { partitions, table }: Pick<Project, 'partitions' | 'table'>,
  hasImage: (file: string) => boolean,
): FlashImage[] {
  const images = partitions.flatMap(({ name, file, offset }) =>
    offset !== undefined && hasImage(file) ? [{ name, file, offset }] : [],
  );
  if (table?.offset !== undefined) images.push({ name: 'at_customize', file: table.file, offset: table.offset });
  return images;
}

const argumentFiles = (
  { flash, outDir }: Pick<Project, 'flash' | 'outDir'>,
  images: readonly FlashImage[],
): Record<string, string> => ({
  flash_args: flashArgs(images, flash, outDir),
  'flasher_args.json': flasherArgsJson(images, flash, outDir),
});
