import type { Judge } from '../checks/severity.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import { sharedBytes } from '../core/range.ts';
import { ok } from '../core/result.ts';
import type { FlashAccess, FlashDevice, Run } from '../device/device.ts';
import type { OnPhase } from '../device/progress.ts';
import { mergedRuns, overlaid } from '../device/sectors.ts';
import { notSaved, saveBackup } from './backup.ts';
import { type BackupRun, readBackupRuns } from './backup-runs.ts';
import { checkImages, type PlannedImage, sectorsOf } from './images.ts';
import { type FlashJournal, flashJournal } from './journal.ts';
import { sectorCache } from './sector-cache.ts';
import { diffFrom, diffSectors, type SectorDiff } from './sector-diff.ts';
import { lookupIn, type SectorLookup } from './sector-lookup.ts';
import { type Flashed, noteDiffs, writeDiffs } from './write-diff.ts';

export interface PutRequest {
  /** The folder that `.at-pki` lies in, absolute. */
  readonly root: string;
  /** Keep a copy of what is overwritten. */
  readonly backup: boolean;
  /** Write every sector. */
  readonly full: boolean;
  readonly now: () => Date;
  readonly onPhase: OnPhase;
  /** Judges by the severities that were asked for: an error keeps everything from being written. */
  readonly isError: Judge;
  /** Who has the last word on an image of which the device holds something else, by partition. */
  readonly decide: ReadonlyMap<string, Decide>;
}

/** @param held what the device holds in the sectors of the image; after an interrupted flash, what it held before that */
export type Decide = (image: PlannedImage, held: Uint8Array) => Promise<Decision>;

export interface Decision {
  /** What is to be written; absent where the device is to hold what it held. */
  readonly image?: PlannedImage;
  /** Values of the device that it keeps. */
  readonly valuesKept?: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** What it came to so far: what is here stays, however it ends. */
export interface Outcome {
  readonly flashed: Flashed;
  readonly diagnostics: Diagnostic[];
  /** The absolute folder of the backup. */
  backup?: string;
  /** From then on the flash is not what it was. */
  begun: boolean;
}

export const emptyOutcome = (): Outcome => ({ flashed: new Map(), diagnostics: [], begun: false });

/**
 * Compares, takes a copy of what will be overwritten, writes what differs, and verifies it. Before the copy lies on the
 * disk no byte is written; with an error among the diagnostics none is, either.
 */
export async function putImages(
  { flash, info }: FlashDevice,
  images: readonly PlannedImage[],
  request: PutRequest,
  outcome: Outcome,
): Promise<void> {
  const { root, full, isError, onPhase } = request;
  const { flashed, diagnostics } = outcome;
  append(diagnostics, checkImages(images, flash));
  if (diagnostics.some(isError)) return;

  onPhase({ phase: 'compare' });
  const cache = request.backup ? sectorCache(root, info) : undefined;
  // What is planned may be there already, and need not be read to be kept.
  const inPlan = lookupIn(images.map(sectorsOf));
  const lookup: SectorLookup | undefined = cache && ((range, md5) => inPlan(range, md5) ?? cache.lookup(range, md5));
  const found = await diffSectors(flash, images, { full, lookup });
  const journal = flashJournal(root, info);

  const steps = await withContent(flash, found, request, { lookup, journal });
  append(diagnostics, journal.reconcile(steps.flatMap(contentOf)));
  const { diffs, kept } = await decided(steps, journal.before, request, diagnostics);
  if (diagnostics.some(isError)) return;
  // What differs is noted when it is about to be written: until then nothing was begun.
  noteDiffs(diffs.filter(isSame), flashed, kept);
  if (diffs.every(isSame)) return journal.finish(images);

  const now = diffs.flatMap((diff, index) => runsBefore(diff, steps[index]));
  if (request.backup) {
    const runs = mergedRuns([...now, ...journal.before]);
    const saved = saveBackup({ root, facts: info, runs, time: request.now() });
    if (!saved.ok) {
      diagnostics.push(saved.error);
      return;
    }
    outcome.backup = saved.value;
  }
  const folder = outcome.backup ?? journal.folder;
  const planned = diffs.flatMap(({ runs }) => runs);
  const begun = folder === undefined ? ok(undefined) : journal.begin(folder, now, planned);
  if (!begun.ok) {
    diagnostics.push(notSaved(begun.error));
    return;
  }
  outcome.begun = true;
  noteDiffs(diffs, flashed, kept);
  const problems = await writeDiffs(flash, diffs, flashed, onPhase);
  append(diagnostics, problems);
  if (problems.length > 0) return;
  journal.finish(images);
  cache?.keep(diffs.filter(({ runs }) => runs.length > 0).map(({ image }) => sectorsOf(image)));
}

const isSame = ({ runs }: SectorDiff): boolean => runs.length === 0;

/** A sector diff, and all that the device holds now in its range, where somebody has to know. */
interface Step {
  readonly diff: SectorDiff;
  readonly held?: Uint8Array;
}

const contentOf = ({ diff, held }: Step): Run[] => (held ? [{ offset: diff.range.offset, bytes: held }] : []);

/**
 * What differs is read; the rest of a range is what is planned there. An image that the device has, but an unfinished
 * flash was about to write, may lack values that were there before.
 */
async function withContent(
  flash: FlashAccess,
  found: readonly SectorDiff[],
  { backup, decide, onPhase }: PutRequest,
  { lookup, journal }: { lookup: SectorLookup | undefined; journal: FlashJournal },
): Promise<Step[]> {
  const isTorn = ({ range }: SectorDiff) =>
    journal.before.some(({ offset, bytes }) => sharedBytes({ offset, size: bytes.length }, range) > 0);
  const wanted = found.filter((diff) => {
    if (decide.has(diff.image.name)) return diff.runs.length > 0 || isTorn(diff);
    return diff.runs.length > 0 && backup;
  });
  const onProgress = (done: number, total: number) => onPhase({ phase: 'read', done, total });
  const before = await readBackupRuns(flash, wanted, { lookup, onProgress });
  return found.map((diff) =>
    wanted.includes(diff) ? { diff, held: overlaid(sectorsOf(diff.image), before) } : { diff },
  );
}

async function decided(
  steps: readonly Step[],
  before: readonly BackupRun[],
  { decide, full }: PutRequest,
  diagnostics: Diagnostic[],
): Promise<{ diffs: SectorDiff[]; kept: Map<string, number> }> {
  const result: SectorDiff[] = [];
  const kept = new Map<string, number>();
  for (const { diff, held } of steps) {
    const { image, range } = diff;
    const word = decide.get(image.name);
    if (word === undefined || held === undefined) {
      result.push(diff);
      continue;
    }
    const there = overlaid({ offset: range.offset, bytes: held }, before);
    const decision = await word(image, there);
    append(diagnostics, decision.diagnostics);
    if (decision.valuesKept !== undefined) kept.set(image.name, decision.valuesKept);
    // What the device is to keep is what was there, and not what an unfinished flash left of it.
    const wanted = decision.image ?? { ...image, bytes: there };
    result.push(wanted === image ? diff : diffFrom(wanted, held, full));
  }
  return { diffs: result, kept };
}

/** What is there in the sectors that change. */
function runsBefore({ image, range, runs }: SectorDiff, step: Step | undefined): BackupRun[] {
  const held = step?.held ?? new Uint8Array();
  return runs.map(({ offset, bytes }) => {
    const start = offset - range.offset;
    return { partition: image.name, offset, bytes: held.subarray(start, start + bytes.length) };
  });
}
