import { basename, dirname, join } from 'node:path';
import { judgeBy, withFound } from '../checks/severity.ts';
import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import type { ChipFacts } from '../device/device.ts';
import { withFlash } from '../device/session.ts';
import type { Build, PartitionResult } from '../pipeline/result.ts';
import { indexFile } from './backup.ts';
import { fileAt } from './board-folder.ts';
import { deviceResult, type FlashRequest, sessionOf } from './flash.ts';
import type { PlannedImage } from './images.ts';
import { emptyOutcome, putImages } from './put-images.ts';
import { type Backup, readBackup } from './read-backup.ts';
import { withStanding } from './standing.ts';

/** What a backup puts back: checked, compared and written like an image. Pieces of one partition say where they lie. */
export const imagesOf = ({ runs }: Backup): PlannedImage[] =>
  runs.map(({ partition, offset, bytes }) => {
    const isWhole = runs.filter((one) => one.partition === partition).length === 1;
    return { name: isWhole ? partition : `${partition} at ${hex(offset)}`, offset, size: bytes.length, bytes };
  });

/** Whether it is the board that the backup is of. With `force` another one will do, and that is said. */
export function checkBoard(
  { folder, chip, mac }: Backup,
  board: Pick<ChipFacts, 'chip' | 'mac'>,
  force: boolean,
): Diagnostic[] {
  if (mac === board.mac && chip === board.chip) return [];
  const place = { file: join(folder, indexFile) };
  const message = `the backup is of the ${chip} ${mac}, but this board is the ${board.chip} ${board.mac}`;
  if (force) return [diagnostic('chip-mismatch', message, { place, severity: 'warning' })];
  return [diagnostic('chip-mismatch', message, { place, hint: 'connect that board, or add --force to use this one' })];
}

export interface RestoreRequest extends FlashRequest {
  /** Put it on another board than the backup is of, too. */
  readonly force: boolean;
}

/**
 * Puts back what a flash overwrote, and keeps a copy of what that overwrites. `base` is a result without images, in whose
 * folder and under whose settings it happens.
 */
export async function restoreBackup(folder: string, base: Build, request: RestoreRequest): Promise<Build> {
  const backup = readBackup(folder);
  if (!backup.ok) return withFound(base, [backup.error]);
  const images = imagesOf(backup.value);
  const outcome = emptyOutcome();
  const { full, backup: keepCopy, now, onPhase } = request;
  const isError = judgeBy(base.severities);
  const put = { root: homeOf(folder), backup: keepCopy, full, now, onPhase, isError, decide: new Map() };
  const session = { ...sessionOf(base.project, request), isError };
  const { board, diagnostics, durationMs } = await withFlash(session, async (device) => {
    append(outcome.diagnostics, checkBoard(backup.value, device.info, request.force));
    if (!outcome.diagnostics.some(isError)) await putImages(device, images, put, outcome);
  });
  const partitions = images.map(({ name, offset, size }): PartitionResult => {
    const flash = outcome.flashed.get(name);
    const file = join(folder, fileAt(offset));
    return { name, format: 'raw', file, offset, size, status: 'unchanged', items: [], flash };
  });
  const device = deviceResult(board, durationMs, outcome);
  return withFound({ ...base, partitions, ...device, durationMs }, withStanding(diagnostics, outcome, isError));
}

/** The folder of the config: a backup lies at `.at-pki/backup/<MAC>/<time>` in it, unless it was moved. */
function homeOf(folder: string): string {
  const home = join(folder, '..', '..', '..', '..');
  return basename(join(folder, '..', '..', '..')) === '.at-pki' ? home : dirname(folder);
}
