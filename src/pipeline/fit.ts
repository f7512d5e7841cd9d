import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { grouped, sizeText } from '../core/text.ts';
import type { Entry, Packed } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import type { Partition } from '../sources/partition.ts';

/** Whether an image fits its partition and leaves the room that was asked for. */
export function checkFit(partition: Partition, packed: Packed, entries: readonly Entry[]): Diagnostic[] {
  const capacity = formats[partition.format].capacity(partition.size);
  const details = { partition: partition.name, place: partition.place };
  const largest = largestOf(entries);
  if (packed.used > capacity) {
    const over = grouped(packed.used - capacity);
    const message = `${partition.name} needs ${grouped(packed.used)} bytes, its partition holds ${grouped(capacity)} (${over} too many)`;
    return [diagnostic('partition-full', message, { ...details, hint: largest })];
  }
  const free = capacity - packed.used;
  if (partition.headroom !== undefined && free < partition.headroom) {
    const message = `${partition.name} leaves ${grouped(free)} of ${sizeText(partition.size)} bytes free, less than the ${grouped(partition.headroom)} asked for`;
    return [diagnostic('headroom', message, { ...details, hint: largest })];
  }
  return [];
}

function largestOf(entries: readonly Entry[]): string | undefined {
  const [first, ...others] = entries;
  if (first === undefined) return undefined;
  const largest = others.reduce((best, one) => (one.bytes.length > best.bytes.length ? one : best), first);
  return `the largest file is ${largest.name} (${grouped(largest.bytes.length)} bytes)`;
}
