import { concat } from '../core/bytes.ts';
import { sectorSize } from '../core/range.ts';
import type { Run } from './device.ts';

/** A copy of a piece of flash with those runs over it, as far as they lie within. */
export function overlaid({ offset, bytes }: Run, over: readonly Run[]): Uint8Array {
  const copy = bytes.slice();
  for (const one of over) {
    const start = Math.max(one.offset, offset);
    const end = Math.min(one.offset + one.bytes.length, offset + bytes.length);
    if (start < end) copy.set(one.bytes.subarray(start - one.offset, end - one.offset), start - offset);
  }
  return copy;
}

/** A run sector by sector. */
export function sectorsIn<Kind extends Run>(run: Kind): Kind[] {
  return Array.from({ length: Math.ceil(run.bytes.length / sectorSize) }, (_, index) => {
    const at = index * sectorSize;
    return { ...run, offset: run.offset + at, bytes: run.bytes.subarray(at, at + sectorSize) };
  });
}

/** The runs as one list without overlaps, in the order of the flash: of a sector that stands in several, the last one. */
export function mergedRuns<Kind extends Run & { readonly partition: string }>(runs: readonly Kind[]): Kind[] {
  const sectors = new Map(runs.flatMap(sectorsIn).map((one) => [one.offset, one]));
  const merged: Kind[] = [];
  for (const sector of [...sectors.values()].sort((a, b) => a.offset - b.offset)) {
    const last = merged.at(-1);
    const follows = last?.partition === sector.partition && last.offset + last.bytes.length === sector.offset;
    if (last && follows) merged.splice(-1, 1, { ...last, bytes: concat([last.bytes, sector.bytes]) });
    else merged.push(sector);
  }
  return merged;
}
