import { type Judge, judgeBy, withFound } from '../checks/severity.ts';
import { type Diagnostic, diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import type { Port } from '../device/connection.ts';
import type { FlashDevice } from '../device/device.ts';
import { type Board, type DeviceChoice, deviceChoice, type SessionRequest, withFlash } from '../device/session.ts';
import type { Build, BuildResult, FlashedPartition } from '../pipeline/result.ts';
import type { Project } from '../project/project.ts';
import { checkDeviceTable } from './device-table.ts';
import { type PlannedImage, planImages } from './images.ts';
import { type Decide, emptyOutcome, type Outcome, putImages } from './put-images.ts';
import { withStanding } from './standing.ts';
import { decideValues, type ValuesPolicy } from './values-policy.ts';

/** What the command line asks of a flash, on top of what the config says. */
export interface FlashRequest extends Pick<SessionRequest, 'choose' | 'onPhase' | 'clock'> {
  /** In place of the one that `device` names. */
  readonly port?: Port;
  /** Asked for only when there is something to interrupt: until then Ctrl-C ends the process as ever. */
  readonly interruption?: () => AbortSignal;
  readonly device: DeviceChoice;
  /** Write every sector. */
  readonly full: boolean;
  /** What becomes of values that only the device has in its NVS; absent: whoever sits there is asked. */
  readonly values?: ValuesPolicy;
  readonly updateTable: boolean;
  readonly backup: boolean;
  readonly now: () => Date;
}

/**
 * From the images of a build to a device that holds them, and all that there is to say about it. An error of the build, or of
 * the device before the first byte, and nothing is written.
 */
export async function flashBuild(built: Build, request: FlashRequest): Promise<Build> {
  const { project } = built;
  if (project === undefined || built.diagnostics.some(isError)) return built;
  const { planned: images, diagnostics } = planImages(built.images ?? []);
  if (images.length === 0 && diagnostics.length === 0) diagnostics.push(nothing());
  if (diagnostics.length > 0) return withFound(built, diagnostics);

  const outcome = emptyOutcome();
  const judge = judgeBy(built.severities);
  const session = await withFlash({ ...sessionOf(project, request), isError: judge }, (device) =>
    flashImages(device, project, images, { ...request, isError: judge }, outcome),
  );
  const { board, durationMs } = session;
  const { flashed } = outcome;
  const result = {
    ...built,
    partitions: built.partitions.map((partition) => withFlashed(partition, flashed.get(partition.name))),
    table: built.table ? withFlashed(built.table, flashed.get('at_customize')) : undefined,
    ...deviceResult(board, durationMs, outcome),
    durationMs: built.durationMs + durationMs,
  };
  return withFound(result, withStanding(session.diagnostics, outcome, judge));
}

/** What a report says of the board, if it was reached. */
export const deviceResult = (
  board: Board | undefined,
  durationMs: number,
  { backup }: Outcome,
): Pick<BuildResult, 'device'> => (board ? { device: { ...board, durationMs, backup } } : {});

export const sessionOf = (project: Project | undefined, request: FlashRequest): SessionRequest => ({
  ...deviceChoice(project, request.device),
  choose: request.choose,
  signal: request.interruption?.(),
  port: request.port ?? request.device.port ?? project?.device.port,
  clock: request.clock,
  onPhase: request.onPhase,
});

const nothing = (): Diagnostic =>
  diagnostic('usage', 'there is no image to flash', { hint: 'every partition was skipped; --verbose says why' });

const withFlashed = <Row>(row: Row, flash: FlashedPartition | undefined): Row => (flash ? { ...row, flash } : row);

async function flashImages(
  device: FlashDevice,
  project: Project,
  images: readonly PlannedImage[],
  request: FlashRequest & { readonly isError: Judge },
  outcome: Outcome,
): Promise<void> {
  const { isError: judge, onPhase, updateTable, full, backup, now, values, choose } = request;
  onPhase({ phase: 'compare' });
  const partitions = images.flatMap(({ name }) => project.partitions.filter((partition) => partition.name === name));
  const spans = partitions.flatMap(({ offset, ...one }) => (offset === undefined ? [] : [{ ...one, offset }]));
  const table = await checkDeviceTable(device.flash, { project, partitions: spans, updateTable });
  append(outcome.diagnostics, table.diagnostics);
  if (outcome.diagnostics.some(judge)) return;

  const asking = { policy: values, choose };
  // Where all is replaced and nothing kept, nobody has to know what is there.
  const isBlind = values === 'overwrite' && !backup;
  const decide = new Map<string, Decide>();
  for (const partition of isBlind ? [] : partitions) {
    const decision = decideValues(partition, asking);
    if (decision !== undefined) decide.set(partition.name, decision);
  }
  const all = [...images, ...(table.update ? [table.update] : [])];
  await putImages(device, all, { root: project.root, backup, full, now, onPhase, decide, isError: judge }, outcome);
}
