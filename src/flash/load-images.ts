import { createHash } from 'node:crypto';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { printable } from '../core/text.ts';
import { readStable } from '../files/read-stable.ts';
import type { BuildResult, PartitionResult } from '../pipeline/result.ts';
import type { PlannedImage } from './images.ts';

/** The images of a build, as they lie on disk: the very bytes that the build speaks of, or an error. */
export function loadImages({ partitions, project }: BuildResult): {
  images: PlannedImage[];
  diagnostics: Diagnostic[];
} {
  const images: PlannedImage[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const one of partitions) {
    if (one.status !== 'built' && one.status !== 'unchanged') continue;
    const place = project?.partitions.find(({ name }) => name === one.name)?.place;
    const image = loadImage(one);
    if ('code' in image) diagnostics.push(image);
    else images.push({ ...image, place });
  }
  return { images, diagnostics };
}

function loadImage({ name, file, offset, size, sha256 }: PartitionResult): PlannedImage | Diagnostic {
  if (offset === undefined) {
    const hint = 'give it an "offset" in the config, or name the partition table there';
    return diagnostic('no-offset', `nothing says where in the flash ${name} belongs`, { partition: name, hint });
  }
  const content = readStable(file);
  if (!content.ok || createHash('sha256').update(content.value).digest('hex') !== sha256) {
    const message = `${printable(file)} changed after it was built`;
    return diagnostic('source-changing', message, { partition: name, hint: 'is another build running? run it again' });
  }
  return { name, offset, size, bytes: content.value };
}
