import { createHash } from 'node:crypto';
import { append } from '../core/lists.ts';
import { type Range, sectorSize } from '../core/range.ts';
import type { FlashAccess, Run } from '../device/device.ts';
import { type PlannedImage, sectorsOf } from './images.ts';
import type { SectorLookup } from './sector-lookup.ts';

/** What writing an image comes to. */
export interface SectorDiff {
  readonly image: PlannedImage;
  /** The sectors that the image takes; `size` is 0 for an empty one. */
  readonly range: Range;
  /** What the device must say of that range in the end. */
  readonly md5: string;
  /** Whole sectors that differ, neighbours in one run. */
  readonly runs: readonly Run[];
  /** MD5s of changed sectors as they are on the device now, by offset, as far as it was asked for them. */
  readonly before: ReadonlyMap<number, string>;
}

export interface FindOptions {
  /** Every sector is written. The device is asked only for what may be at hand. */
  readonly full?: boolean;
  readonly lookup?: SectorLookup;
}

/**
 * Finds the sectors that differ from what is planned. Asks for the MD5 of each image's range first; where it differs
 * and is not that of bytes at hand, for those of groups of sectors, and last of single ones. The images must have
 * passed `checkImages`.
 */
export async function diffSectors(
  flash: FlashAccess,
  images: readonly PlannedImage[],
  { full = false, lookup }: FindOptions = {},
): Promise<SectorDiff[]> {
  const targets = images.map((image): Target => ({ image, ...sectorsOf(image) }));
  const all = targets.filter(({ bytes }) => bytes.length > 0).map(wholeOf);
  const asked = full && lookup === undefined ? all : await withMd5(flash, all);
  const sectors: Piece[] = [];
  const unknown: Piece[] = [];
  for (const region of full ? asked : asked.filter(isDifferent)) {
    const held = region.md5 === undefined ? undefined : lookup?.(rangeOf(region), region.md5);
    if (held === undefined) unknown.push(region);
    else
      append(
        sectors,
        sectorsIn(region).map((one) => heldIn(one, region, held)),
      );
  }
  if (full) append(sectors, unknown.flatMap(sectorsIn));
  else append(sectors, await sectorsThatDiffer(flash, unknown));
  const changed = full ? sectors : sectors.filter(isDifferent);
  return targets.map((target) => {
    const own = changed.filter((sector) => sector.target === target);
    return diffOf(target, own);
  });
}

/** The same for an image of which the device's own content is at hand: `held` is all that its range holds. */
export function diffFrom(image: PlannedImage, held: Uint8Array, full = false): SectorDiff {
  const target: Target = { image, ...sectorsOf(image) };
  const whole = wholeOf(target);
  const sectors = sectorsIn(whole).map((sector) => heldIn(sector, whole, held));
  return diffOf(target, full ? sectors : sectors.filter(isDifferent));
}

interface Target extends Run {
  readonly image: PlannedImage;
}

/** Some sectors of a target. */
interface Piece extends Range {
  readonly target: Target;
  /** What the device has there. */
  readonly md5?: string;
}

const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const rangeOf = ({ offset, size }: Range): Range => ({ offset, size });
const wholeOf = (target: Target): Piece => ({ target, offset: target.offset, size: target.bytes.length });

function planned({ target, offset, size }: Piece): Uint8Array {
  const start = offset - target.offset;
  return target.bytes.subarray(start, start + size);
}

const isDifferent = (piece: Piece): boolean => piece.md5 !== md5Of(planned(piece));

async function withMd5(flash: FlashAccess, pieces: readonly Piece[]): Promise<Piece[]> {
  if (pieces.length === 0) return [];
  const md5s = await flash.digest(pieces.map(rangeOf));
  return pieces.map((piece, index) => ({ ...piece, md5: md5s[index] ?? '' }));
}

/** What differs within pieces that differ. Of a piece that is not divided that is known. */
async function narrowed(
  flash: FlashAccess,
  pieces: readonly Piece[],
  divide: (piece: Piece) => Piece[],
): Promise<Piece[]> {
  const parts = pieces.map((piece) => ({ piece, within: divide(piece) }));
  const asked = await withMd5(
    flash,
    parts.flatMap(({ within }) => (within.length > 1 ? within : [])),
  );
  return [...parts.flatMap(({ piece, within }) => (within.length > 1 ? [] : [piece])), ...asked.filter(isDifferent)];
}

/**
 * A region that differs while none of its parts does was not heard right, or one of the parts was not: replies have no
 * checksum. Only what is said of all of it makes it count as the same.
 */
async function sectorsThatDiffer(flash: FlashAccess, regions: readonly Piece[]): Promise<Piece[]> {
  const found = await narrowed(flash, await narrowed(flash, regions, groupsIn), sectorsIn);
  const doubtful = regions.filter(({ target }) => !found.some((one) => one.target === target));
  const asked = await withMd5(flash, doubtful);
  return [...found, ...asked.filter(isDifferent).flatMap(sectorsIn)];
}

/** Of so few sectors each is asked for at once. */
const fewSectors = 4;

/** The fewest questions that find one changed sector of n in two steps: √n groups of √n sectors. */
function groupsIn(piece: Piece): Piece[] {
  const sectors = piece.size / sectorSize;
  return divided(piece, sectors <= fewSectors ? 1 : Math.ceil(Math.sqrt(sectors)));
}

const sectorsIn = (piece: Piece): Piece[] => divided(piece, 1);

function divided({ target, offset, size }: Piece, sectors: number): Piece[] {
  const step = sectors * sectorSize;
  return Array.from({ length: Math.ceil(size / step) }, (_, index) => {
    const start = index * step;
    return { target, offset: offset + start, size: Math.min(step, size - start) };
  });
}

function heldIn(sector: Piece, region: Piece, held: Uint8Array): Piece {
  const start = sector.offset - region.offset;
  return { ...sector, md5: md5Of(held.subarray(start, start + sector.size)) };
}

function diffOf(target: Target, sectors: readonly Piece[]): SectorDiff {
  const sorted = sectors.toSorted((a, b) => a.offset - b.offset);
  return {
    image: target.image,
    range: rangeOf(wholeOf(target)),
    md5: md5Of(target.bytes),
    runs: joined(sorted).map((range) => ({ offset: range.offset, bytes: planned({ target, ...range }) })),
    before: new Map(sorted.flatMap(({ offset, md5 }) => (md5 === undefined ? [] : [[offset, md5]]))),
  };
}

/** Neighbours become one; they are in the order of the flash. */
function joined(sectors: readonly Range[]): Range[] {
  const runs: { offset: number; size: number }[] = [];
  for (const { offset, size } of sectors) {
    const last = runs.at(-1);
    if (last && last.offset + last.size === offset) last.size += size;
    else runs.push({ offset, size });
  }
  return runs;
}
