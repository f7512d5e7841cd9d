import type { Judge } from '../checks/severity.ts';
import { type Clock, realClock } from '../core/clock.ts';
import { type Diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { given } from '../core/given.ts';
import { append } from '../core/lists.ts';
import type { PortName } from '../core/port-name.ts';
import type { DeviceSettings, Project } from '../project/project.ts';
import { checkChip } from './check-chip.ts';
import type { Port } from './connection.ts';
import { DeviceError, type FlashDevice } from './device.ts';
import { type DriverChoice, driverOf, flashUnreachable } from './drivers/index.ts';
import { type Choose, findPort, portText } from './ports/index.ts';
import type { OnPhase } from './progress.ts';

/** Which device, how to get at it, and what it must be. */
export interface DeviceChoice extends DeviceSettings, Pick<DriverChoice, 'driver' | 'exec'> {
  /** As configs name it: `esp32c3`. */
  readonly chip?: string;
}

export interface SessionRequest extends Omit<DeviceChoice, 'port'> {
  /** A named port, or one that is there. Default: `auto`. */
  readonly port?: PortName | Port;
  /** Asks which port is meant where there are several boards; absent where nobody is there to answer. */
  readonly choose?: (question: string, choices: readonly string[]) => Promise<string | undefined>;
  readonly signal?: AbortSignal;
  readonly onPhase: OnPhase;
  /** Default: that of the machine. */
  readonly clock?: Clock;
  /** Nothing will be written: what speaks against that alone is no obstacle. */
  readonly readOnly?: boolean;
  /** Judges by the severities that were asked for; by the codes' own if absent. */
  readonly isError?: Judge;
}

/** Whom to work with by all that is said of it: where the command line is silent, the project speaks. */
export const deviceChoice = (
  project: Pick<Project, 'device' | 'flash'> | undefined,
  asked: DeviceChoice,
): DeviceChoice => ({
  chip: project?.flash.chip,
  ...project?.device,
  ...given(asked),
});

/** The board that a run spoke with. */
export interface Board {
  readonly port: string;
  readonly chip: string;
  readonly mac: string;
  /** Bytes. */
  readonly flashSize: number;
}

export interface Session<Value> {
  /** Absent where the board was never reached. */
  readonly board?: Board;
  /** Absent where an error kept it from being made. */
  readonly value?: Value;
  /** Milliseconds, from the look for the port to its close. */
  readonly durationMs: number;
  readonly diagnostics: readonly Diagnostic[];
}

const defaultBaud = 460_800;

/**
 * Connects, looks whether it is the right board, lets `use` work with its flash, and leaves it as asked for. The port is
 * closed in the end, whatever happened. Problems are among the diagnostics, a driver that does not reach the flash too.
 */
export async function withFlash<Value>(
  request: SessionRequest,
  use: (device: FlashDevice) => Promise<Value>,
): Promise<Session<Value>> {
  const { clock = realClock } = request;
  const started = clock.now();
  const diagnostics: Diagnostic[] = [];
  let board: Board | undefined;
  let value: Value | undefined;
  try {
    const driver = await driverOf(request);
    const port = await portOf(request, clock);
    request.onPhase({ phase: 'connect', port: port.name });
    const device = await driver.connect({
      port,
      baud: request.baud ?? defaultBaud,
      before: request.before ?? 'default-reset',
      signal: request.signal,
      clock,
    });
    try {
      append(diagnostics, device.notes);
      if (device.flash === undefined) throw new DeviceError(flashUnreachable(driver.name));
      const { chip, mac } = device.info;
      board = { port: port.name, chip, mac, flashSize: device.flash.size };
      append(diagnostics, checkChip(device.info, request));
      if (!diagnostics.some(request.isError ?? isError)) value = await use(device);
    } finally {
      await device.close(request.after ?? 'hard-reset');
    }
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    diagnostics.push(error.diagnostic);
  }
  request.onPhase({ phase: 'end' });
  const durationMs = Math.floor(clock.now() - started);
  return { board, value, durationMs, diagnostics };
}

const portOf = async ({ port = { kind: 'auto' }, choose }: SessionRequest, clock: Clock): Promise<Port> =>
  'open' in port ? port : findPort(port, { choose: whichBoard(choose), clock });

const whichBoard = (choose: SessionRequest['choose']): Choose | undefined =>
  choose &&
  (async (boards) => {
    const answer = await choose('Which board is meant?', boards.map(portText));
    return boards.find((board) => portText(board) === answer);
  });
