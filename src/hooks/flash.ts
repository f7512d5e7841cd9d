import { withFound } from '../checks/severity.ts';
import { isError } from '../core/diagnostic.ts';
import { type FlashRequest, flashBuild } from '../flash/flash.ts';
import type { BuildResult } from '../report/result.ts';
import { afterFlash, type HookOptions } from './build.ts';

/** Takes a build on to the device; the program of the user after it runs when the flash is verified. */
export async function flashWithHooks(
  built: BuildResult,
  request: FlashRequest,
  { env = process.env, ...hooks }: HookOptions & { readonly env?: Readonly<Record<string, string | undefined>> },
): Promise<BuildResult> {
  const result = await flashBuild(built, request);
  if (result.device === undefined || result.diagnostics.some(isError)) return result;
  return withFound(result, await afterFlash(result, { ...hooks, env }));
}
