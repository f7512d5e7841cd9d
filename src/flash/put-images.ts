import type { Judge } from '../checks/severity.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import { sharedBytes } from '../core/range.ts';
import { ok } from '../core/result.ts';
import type { Device, Run } from '../device/device.ts';
import type { OnPhase } from '../device/progress.ts';
import { mergedRuns, overlaid } from '../device/sectors.ts';
import { notSaved, saveBackup } from './backup.ts';
import { type BackupRun, readBackupRuns } from './backup-runs.ts';
import { checkImages, type PlannedImage, sectorsOf } from './images.ts';
import { type Unfinished, unfinishedFlash } from './journal.ts';
import { type Known, knownIn } from './known-sectors.ts';
import { localCopies } from './sector-cache.ts';
import { type Changes, changesFrom, findChanges } from './sector-diff.ts';
import { type Flashed, noteChanges, writeChanges } from './write-changes.ts';

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
  device: Device,
  images: readonly PlannedImage[],
  request: PutRequest,
  outcome: Outcome,
): Promise<void> {
  const { root, full, isError, onPhase } = request;
  const { flashed, diagnostics } = outcome;
  append(diagnostics, checkImages(images, device.facts));
  if (diagnostics.some(isError)) return;

  onPhase({ phase: 'compare' });
  const copies = request.backup ? localCopies(root, device.facts) : undefined;
  // What is planned may be there already, and need not be read to be kept.
  const inPlan = knownIn(images.map(sectorsOf));
  const known: Known | undefined = copies && ((range, md5) => inPlan(range, md5) ?? copies.known(range, md5));
  const found = await findChanges(device, images, { full, known });
  const unfinished = unfinishedFlash(root, device.facts);

  const steps = await withContent(device, found, request, { known, unfinished });
  append(diagnostics, unfinished.reconcile(steps.flatMap(contentOf)));
  const { changes, kept } = await decided(steps, unfinished.before, request, diagnostics);
  if (diagnostics.some(isError)) return;
  // What differs is noted when it is about to be written: until then nothing was begun.
  noteChanges(changes.filter(isSame), flashed, kept);
  if (changes.every(isSame)) return unfinished.finish(images);

  const now = changes.flatMap((one, index) => runsBefore(one, steps[index]));
  if (request.backup) {
    const runs = mergedRuns([...now, ...unfinished.before]);
    const saved = saveBackup({ root, facts: device.facts, runs, time: request.now() });
    if (!saved.ok) {
      diagnostics.push(saved.error);
      return;
    }
    outcome.backup = saved.value;
  }
  const folder = outcome.backup ?? unfinished.folder;
  const planned = changes.flatMap(({ runs }) => runs);
  const noted = folder === undefined ? ok(undefined) : unfinished.note(folder, now, planned);
  if (!noted.ok) {
    diagnostics.push(notSaved(noted.error));
    return;
  }
  outcome.begun = true;
  noteChanges(changes, flashed, kept);
  const problems = await writeChanges(device, changes, flashed, onPhase);
  append(diagnostics, problems);
  if (problems.length > 0) return;
  unfinished.finish(images);
  copies?.keep(changes.filter(({ runs }) => runs.length > 0).map(({ image }) => sectorsOf(image)));
}

const isSame = ({ runs }: Changes): boolean => runs.length === 0;

/** Changes, and all that the device holds now in their range, where somebody has to know. */
interface Step {
  readonly changes: Changes;
  readonly held?: Uint8Array;
}

const contentOf = ({ changes, held }: Step): Run[] => (held ? [{ offset: changes.range.offset, bytes: held }] : []);

/**
 * What differs is read; the rest of a range is what is planned there. An image that the device has, but an unfinished
 * flash was about to write, may lack values that were there before.
 */
async function withContent(
  device: Device,
  found: readonly Changes[],
  { backup, decide, onPhase }: PutRequest,
  { known, unfinished }: { known: Known | undefined; unfinished: Unfinished },
): Promise<Step[]> {
  const isTorn = ({ range }: Changes) =>
    unfinished.before.some(({ offset, bytes }) => sharedBytes({ offset, size: bytes.length }, range) > 0);
  const wanted = found.filter((one) => {
    if (decide.has(one.image.name)) return one.runs.length > 0 || isTorn(one);
    return one.runs.length > 0 && backup;
  });
  const onProgress = (done: number, total: number) => onPhase({ phase: 'read', done, total });
  const before = await readBackupRuns(device, wanted, { known, onProgress });
  return found.map((changes) =>
    wanted.includes(changes) ? { changes, held: overlaid(sectorsOf(changes.image), before) } : { changes },
  );
}

async function decided(
  steps: readonly Step[],
  before: readonly BackupRun[],
  { decide, full }: PutRequest,
  diagnostics: Diagnostic[],
): Promise<{ changes: Changes[]; kept: Map<string, number> }> {
  const result: Changes[] = [];
  const kept = new Map<string, number>();
  for (const { changes, held } of steps) {
    const { image, range } = changes;
    const word = decide.get(image.name);
    if (word === undefined || held === undefined) {
      result.push(changes);
      continue;
    }
    const there = overlaid({ offset: range.offset, bytes: held }, before);
    const decision = await word(image, there);
    append(diagnostics, decision.diagnostics);
    if (decision.valuesKept !== undefined) kept.set(image.name, decision.valuesKept);
    // What the device is to keep is what was there, and not what an unfinished flash left of it.
    const wanted = decision.image ?? { ...image, bytes: there };
    result.push(wanted === image ? changes : changesFrom(wanted, held, full));
  }
  return { changes: result, kept };
}

/** What is there in the sectors that change. */
function runsBefore({ image, range, runs }: Changes, step: Step | undefined): BackupRun[] {
  const held = step?.held ?? new Uint8Array();
  return runs.map(({ offset, bytes }) => {
    const start = offset - range.offset;
    return { partition: image.name, offset, bytes: held.subarray(start, start + bytes.length) };
  });
}
