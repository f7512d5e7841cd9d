import { withFound } from '../checks/severity.ts';
import { isError } from '../core/diagnostics/diagnostic.ts';
import { afterFlash, type HookOptions } from '../pipeline/hooks.ts';
import type { Build } from '../pipeline/result.ts';
import { type FlashRequest, flashBuild } from './flash.ts';

/** Takes a build on to the device; the program of the user after it runs when the flash is verified. */
export async function flashWithHooks(
  built: Build,
  request: FlashRequest,
  { env = process.env, ...hooks }: HookOptions & { readonly env?: Readonly<Record<string, string | undefined>> },
): Promise<Build> {
  const result = await flashBuild(built, request);
  if (result.device === undefined || result.diagnostics.some(isError)) return result;
  return withFound(result, await afterFlash(result, { ...hooks, env }));
}
