import { blameOf } from '../core/diagnostics/codes.ts';
import { type Diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import type { FlashRequest } from '../flash/flash.ts';
import type { HookOptions } from '../pipeline/hooks.ts';
import type { Build, BuildResult } from '../pipeline/result.ts';

type Hooks = HookOptions & { readonly env?: Readonly<Record<string, string | undefined>> };

/**
 * The step from a build to the device, for a watch: a build whose images the device holds already, since the last flash
 * of this watch, does not trouble it. What failed is tried again with the next build.
 */
export function flashChanges(
  request: FlashRequest,
  hooks: Hooks,
): (built: Build, signal: AbortSignal) => Promise<Build> {
  let held: string | undefined;
  // Under --after no-reset the stub goes on running, and connecting takes a tenth of the time.
  let isStubRunning = false;
  return async (built, signal) => {
    const images = imagesIn(built);
    if (images === held) return built;
    held = undefined;
    const { flashWithHooks } = await import('../flash/flash-with-hooks.ts');
    const flash = (device: FlashRequest['device']) =>
      flashWithHooks(built, { ...request, device, interruption: () => signal }, hooks);
    let result = isStubRunning ? await flash({ ...request.device, before: 'no-reset' }) : undefined;
    if (result === undefined || isSilent(result)) result = await flash(request.device);
    const isDone = result.device !== undefined && !result.diagnostics.some(isError);
    if (isDone) held = images;
    isStubRunning = isDone && (request.device.after ?? built.project?.device.after) === 'no-reset';
    return isDone ? result : { ...result, diagnostics: result.diagnostics.map(withNext) };
  };
}

/** Nothing tells when a board is there again. */
function withNext(one: Diagnostic): Diagnostic {
  if (!isError(one) || blameOf(one.code) !== 'device') return one;
  const next = 'the next save tries again';
  return { ...one, hint: one.hint ? `${one.hint}; ${next}` : next };
}

const imagesIn = ({ partitions, table }: BuildResult): string =>
  JSON.stringify(
    [...partitions, ...(table ? [table] : [])].map(({ file, offset, hash }) => [file, offset, hash?.sha256]),
  );

/** It was reset, or lost its power. */
const isSilent = ({ diagnostics }: BuildResult): boolean => diagnostics.some(({ code }) => code === 'chip-silent');
