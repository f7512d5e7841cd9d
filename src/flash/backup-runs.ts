import { createHash } from 'node:crypto';
import { concat, erased } from '../core/bytes.ts';
import { type Range, sectorSize } from '../core/range.ts';
import type { FlashAccess, OnProgress, Run } from '../device/device.ts';
import type { SectorDiff } from './sector-diff.ts';
import type { SectorLookup } from './sector-lookup.ts';

/** What stood in the flash where something is about to be written. */
export interface BackupRun extends Run {
  /** The partition that it is of. */
  readonly partition: string;
}

export interface ReadOptions {
  readonly lookup?: SectorLookup;
  /** Of the bytes that have to be read. */
  readonly onProgress?: OnProgress;
}

/** What the device holds in all sectors that are to change. Those whose content is at hand are not read. */
export async function readBackupRuns(
  flash: FlashAccess,
  diffs: readonly SectorDiff[],
  { lookup = () => undefined, onProgress }: ReadOptions = {},
): Promise<BackupRun[]> {
  const parts = diffs.flatMap(({ image, runs, before }) =>
    runs.map((run) => ({ partition: image.name, offset: run.offset, pieces: piecesOf(run, before, lookup) })),
  );
  const total = parts.flatMap(({ pieces }) => pieces).reduce((sum, one) => sum + (one.bytes ? 0 : one.size), 0);
  const result: BackupRun[] = [];
  let done = 0;
  for (const { partition, offset, pieces } of parts) {
    const read: Uint8Array[] = [];
    for (const { bytes, ...range } of pieces) {
      const start = done;
      read.push(bytes ?? (await flash.read(range, (sofar) => onProgress?.(start + sofar, total))));
      if (bytes === undefined) done += range.size;
    }
    result.push({ partition, offset, bytes: concat(read) });
  }
  return result;
}

interface Piece extends Range {
  /** Absent where it has to be read. */
  readonly bytes?: Uint8Array;
}

const erasedSector = erased(sectorSize);
const md5OfErased = createHash('md5').update(erasedSector).digest('hex');

/** A run by what is known of its sectors; neighbours that are not are one piece. */
function piecesOf({ offset, bytes }: Run, before: SectorDiff['before'], lookup: SectorLookup): Piece[] {
  const pieces: Piece[] = [];
  for (let at = offset; at < offset + bytes.length; at += sectorSize) {
    const md5 = before.get(at);
    const range = { offset: at, size: sectorSize };
    const there = md5 === undefined ? undefined : md5 === md5OfErased ? erasedSector : lookup(range, md5);
    const last = pieces.at(-1);
    if (there !== undefined) pieces.push({ ...range, bytes: there });
    else if (last === undefined || last.bytes !== undefined) pieces.push(range);
    else pieces.splice(-1, 1, { offset: last.offset, size: last.size + sectorSize });
  }
  return pieces;
}
