import { alignUp, concat, erased } from '../core/bytes.ts';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import type { FlashReader } from '../core/flash-reader.ts';
import { endOf, type Span, sectorSize, spanText } from '../core/range.ts';
import { grouped, sizeText } from '../core/text.ts';
import type { Run } from '../device/device.ts';
import { checkRows } from '../partition-table/checks.ts';
import type { Image } from '../pipeline/image.ts';

/** An image that is to be in the flash, and the partition that it is for. */
export interface PlannedImage {
  /** The partition. */
  readonly name: string;
  readonly offset: number;
  /** Bytes of the partition. */
  readonly size: number;
  /** At most `size`. */
  readonly bytes: Uint8Array;
  /** Where the partition is declared. */
  readonly place?: Place;
}

/** Plans images of a build for a device; one that has no place in the flash is an error. */
export function planImages(images: readonly Image[]): {
  readonly planned: PlannedImage[];
  readonly diagnostics: Diagnostic[];
} {
  const planned: PlannedImage[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { partition, bytes } of images) {
    const { name, offset, size, place } = partition;
    if (offset === undefined) diagnostics.push(noOffset(name));
    else planned.push({ name, offset, size, bytes, place });
  }
  return { planned, diagnostics };
}

function noOffset(name: string): Diagnostic {
  const hint = 'give it an "offset" in the config, or name the partition table there';
  return diagnostic('no-offset', `nothing says where in the flash ${name} belongs`, { partition: name, hint });
}

/**
 * The sectors that an image takes. What it leaves of the last one is erased, for a sector cannot be written in part
 * and keep the rest; the sectors of its partition behind that are none of its business and stay as they are.
 */
export function sectorsOf({ offset, bytes }: PlannedImage): Run {
  const rest = alignUp(bytes.length, sectorSize) - bytes.length;
  return { offset, bytes: rest === 0 ? bytes : concat([bytes, erased(rest)]) };
}

/**
 * What forbids to write these images to that chip, wherever in the flash their partitions lie. Nobody else looks: defect
 * 8 of esptool-js.
 */
export function checkImages(images: readonly PlannedImage[], { size }: Pick<FlashReader, 'size'>): Diagnostic[] {
  return [
    ...images.flatMap(tooLong),
    ...checkRows(images),
    ...images.filter((image) => endOf(image) > size).map((image) => beyond(image, size)),
  ];
}

const about = ({ name, place }: PlannedImage) => ({ partition: name, place });

function tooLong(image: PlannedImage): Diagnostic[] {
  const { name, size, bytes } = image;
  const over = bytes.length - size;
  if (over <= 0) return [];
  const message = `${name} has ${grouped(bytes.length)} bytes, its partition holds ${grouped(size)} (${grouped(over)} too many)`;
  return [diagnostic('partition-full', message, about(image))];
}

/** Says by how much a span leaves the flash. */
export function beyondText(span: Span, flashSize: number): string {
  const over = grouped(endOf(span) - flashSize);
  return `${spanText(span)} reaches ${over} bytes beyond the flash of this chip, which has ${sizeText(flashSize)}`;
}

function beyond(image: PlannedImage, flashSize: number): Diagnostic {
  const message = beyondText(image, flashSize);
  const hint = 'build for the module that this board is, or correct offset and size';
  return diagnostic('flash-too-small', message, { ...about(image), hint });
}
