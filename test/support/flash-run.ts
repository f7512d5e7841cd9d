import { type FlashRequest, flashBuild } from '../../src/flash/flash.ts';
import { type BuildOptions, buildProject } from '../../src/pipeline/build.ts';
import type { Build } from '../../src/pipeline/result.ts';
import type { SimulatedChip } from './chip/chip.ts';

/** Builds the project of a folder and flashes a simulated chip with it, within this process. */
export async function flashChip(
  folder: string,
  chip: SimulatedChip,
  request: Partial<FlashRequest> = {},
  options: BuildOptions = {},
): Promise<Build> {
  return flashBuilt(await buildProject({ cwd: folder, ...options }, 'flash'), chip, request);
}

/** Flashes a simulated chip with what was built. */
export const flashBuilt = (built: Build, chip: SimulatedChip, request: Partial<FlashRequest> = {}): Promise<Build> =>
  flashBuild(built, {
    ...{ device: {}, full: false, updateTable: false, backup: true },
    now: () => new Date(),
    onPhase: () => {},
    ...chip.access(),
    ...request,
  });

/** Codes of the errors in a result. */
export const errorsIn = ({ diagnostics }: Build): string[] =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
