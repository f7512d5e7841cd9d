import { Problems } from '../core/diagnostics/problems.ts';
import type { BuildOptions } from '../pipeline/build.ts';
import { buildWithHooks } from '../pipeline/hooks.ts';
import { type Build, type BuildResult, emptyResult } from '../pipeline/result.ts';
import type { StampedCall } from '../pipeline/stamp.ts';
import type { Choice } from '../report/index.ts';
import type { Arguments, Context } from './command.ts';
import { flashAsked } from './flash-options.ts';
import { hookArguments, projectArguments } from './project-arguments.ts';

/** Builds, and flashes where that is asked for. Leaves a stamp where nothing was to do. */
export async function buildWhole(
  args: Arguments,
  context: Context,
  choice: Choice,
  call: StampedCall | undefined,
): Promise<BuildResult> {
  const started = (context.now?.() ?? new Date()).getTime();
  const problems = new Problems();
  const options = projectArguments(args, context, problems);
  const flash = flashAsked(args, context, choice, problems);
  if (problems.all.length > 0) return emptyResult('build', context.cwd, problems.all);
  const mode = args.flag('check') ? 'check' : args.flag('dry-run') ? 'plan' : 'write';
  const force = args.flag('force');
  const hooks = hookArguments(args, context);
  const result = await buildWithHooks({ ...options, mode, force }, hooks);
  if (flash !== undefined) {
    const { flashWithHooks } = await import('../flash/flash-with-hooks.ts');
    return flashWithHooks(result, flash, { ...hooks, env: context.env });
  }
  if (call && mode === 'write' && !force && hooks.afterwards === undefined)
    await stampIdle(call, options, result, started);
  return result;
}

/** Leaves a stamp where the next build would have nothing to do either. */
async function stampIdle(call: StampedCall, options: BuildOptions, build: Build, started: number): Promise<void> {
  const { isStampable, leaveStamp } = await import('../pipeline/leave-stamp.ts');
  if (!isStampable(build)) return;
  const { everyPath } = await import('../watch/inputs.ts');
  leaveStamp(call, build, await everyPath({ ...options, cwd: call.cwd }, build), started);
}
