import { withFound } from '../checks/severity.ts';
import { type Diagnostic, diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import type { Program } from '../programs/run.ts';
import type { Hooks } from '../project/project.ts';
import { type BuildOptions, type BuildSteps, buildProject, type SoFar } from './build.ts';
import { toReport } from './build-report.ts';
import type { Build } from './result.ts';
import type { HookSurroundings } from './run-hook.ts';

export interface HookOptions extends Omit<HookSurroundings, 'env'> {
  /** A program of the command line, run after the hook of the config. */
  readonly afterwards?: Program;
}

/** A build with the programs of the user before and after it, where the build writes. */
export async function buildWithHooks(
  options: BuildOptions & BuildSteps,
  hooks: HookOptions,
  command = 'build',
): Promise<Build> {
  const { mode = 'write', env = process.env, exec = true } = options;
  if (mode !== 'write') return buildProject(options, command);
  const surroundings = { ...hooks, env };
  const result = await buildProject(
    {
      ...options,
      async beforeRead(sofar) {
        const problems = exec ? await before(sofar, surroundings) : refused(sofar);
        if (problems.some(isError)) return problems;
        return [...problems, ...((await options.beforeRead?.(sofar)) ?? [])];
      },
    },
    command,
  );
  return exec && isDone(result) ? after(result, hooks.afterwards, surroundings) : result;
}

async function before(sofar: SoFar, surroundings: HookSurroundings): Promise<Diagnostic[]> {
  const { preBuild } = sofar.project.hooks;
  return preBuild ? run('preBuild', preBuild, sofar, 'nothing was built', surroundings) : [];
}

async function after(result: Build, afterwards: Program | undefined, surroundings: HookSurroundings): Promise<Build> {
  const standing = 'the images are built';
  const { postBuild } = result.project?.hooks ?? {};
  const problems = postBuild ? await run('postBuild', postBuild, result, standing, surroundings) : [];
  if (afterwards && problems.length === 0) {
    append(problems, await run('--exec', afterwards, result, standing, surroundings));
  }
  return withFound(result, problems);
}

/** The hook after a flash that was verified. */
export async function afterFlash(result: Build, surroundings: HookSurroundings): Promise<Diagnostic[]> {
  const { postFlash } = result.project?.hooks ?? {};
  return postFlash ? run('postFlash', postFlash, result, 'the device is flashed', surroundings) : [];
}

async function run(
  name: keyof Hooks | '--exec',
  program: Program,
  result: Build,
  standing: string,
  surroundings: HookSurroundings,
): Promise<Diagnostic[]> {
  const { project, cwd } = result;
  const report = toReport(result);
  const isHook = name !== '--exec';
  const place = isHook && project?.configFile ? { place: { file: project.configFile } } : {};
  const folder = project?.root ?? cwd;
  // A build without hooks does not load what runs them.
  const { runHook } = await import('./run-hook.ts');
  return runHook({ name: isHook ? `hooks.${name}` : name, program, folder, report, standing, ...place }, surroundings);
}

/** True for a build without errors in which an image changed. After one with errors, a set may be half old, half new. */
const isDone = ({ partitions, table, diagnostics }: Build): boolean =>
  !diagnostics.some(isError) && [...partitions, ...(table ? [table] : [])].some(({ status }) => status === 'built');

/** Hooks of a config that is not trusted are no more run than its exec sources. */
function refused({ project }: SoFar): Diagnostic[] {
  const names = (['preBuild', 'postBuild', 'postFlash'] as const).filter((name) => project.hooks[name] !== undefined);
  const place = project.configFile ? { place: { file: project.configFile } } : {};
  const hint = 'build without --no-exec where the config is trusted';
  return names.map((name) =>
    diagnostic('exec-refused', `hooks.${name} is not run, because of --no-exec`, { ...place, hint }),
  );
}
