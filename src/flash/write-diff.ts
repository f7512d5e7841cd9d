import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { sectorSize } from '../core/range.ts';
import { count } from '../core/text.ts';
import type { FlashAccess } from '../device/device.ts';
import type { OnPhase } from '../device/progress.ts';
import type { FlashedPartition } from '../pipeline/result.ts';
import { diffSectors, type SectorDiff } from './sector-diff.ts';

/** What became of each image, by the name of its partition; filled in as it goes, so that it is there after a failure. */
export type Flashed = Map<string, FlashedPartition>;

/** How often a sector is written that does not hold what was written to it. */
const passes = 3;

/** Notes what is to be done, before the first byte. `kept`: values of the device that it keeps, by partition. */
export function noteDiffs(diffs: readonly SectorDiff[], flashed: Flashed, kept: ReadonlyMap<string, number>): void {
  for (const { image, range, runs, md5 } of diffs) {
    const bytesWritten = bytesIn(runs);
    const bytesSkipped = range.size - bytesWritten;
    const valuesKept = kept.get(image.name);
    const counts = {
      ...{ sectorsErased: bytesWritten / sectorSize, bytesWritten, bytesSkipped },
      valuesKept,
    };
    const done = { status: 'same', ...counts, md5 } as const;
    flashed.set(image.name, runs.length === 0 ? done : { status: 'failed', ...counts });
  }
}

/**
 * Writes what differs, and has the device say what it holds then: an image counts as written only where that is the
 * image. What does not hold at first is written again.
 */
export async function writeDiffs(
  flash: FlashAccess,
  diffs: readonly SectorDiff[],
  flashed: Flashed,
  onPhase: OnPhase,
): Promise<Diagnostic[]> {
  let left = diffs.filter(({ runs }) => runs.length > 0);
  for (let pass = 1; left.length > 0; pass++) {
    await flash.write(
      left.flatMap(({ runs }) => runs),
      (done, total) => onPhase({ phase: 'write', done, total }),
    );
    const wrong = await notHeld(flash, left, flashed, onPhase);
    if (wrong.length === 0) return [];
    if (pass === passes) return wrong.map(notVerified);
    left = await diffSectors(
      flash,
      wrong.map(({ image }) => image),
    );
  }
  return [];
}

/** Those of which the device holds something else. The others are done. */
async function notHeld(
  flash: FlashAccess,
  diffs: readonly SectorDiff[],
  flashed: Flashed,
  onPhase: OnPhase,
): Promise<SectorDiff[]> {
  const total = diffs.reduce((sum, { range }) => sum + range.size, 0);
  let done = 0;
  const wrong: SectorDiff[] = [];
  for (const diff of diffs) {
    onPhase({ phase: 'verify', done, total });
    const [md5] = await flash.digest([diff.range]);
    done += diff.range.size;
    const { name } = diff.image;
    const noted = flashed.get(name);
    if (md5 !== diff.md5) wrong.push(diff);
    else if (noted) flashed.set(name, { ...noted, status: 'written', md5 });
  }
  onPhase({ phase: 'verify', done, total });
  return wrong;
}

function notVerified({ image, range }: SectorDiff): Diagnostic {
  const message = `the flash at ${hex(range.offset)} does not hold what was written to it, ${count(passes, 'time')} over`;
  return diagnostic('not-verified', message, {
    partition: image.name,
    hint: 'its flash chip may be write-protected or worn out; try another board',
  });
}

const bytesIn = (runs: SectorDiff['runs']): number => runs.reduce((sum, { bytes }) => sum + bytes.length, 0);
