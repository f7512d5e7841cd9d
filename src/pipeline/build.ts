import { resolve } from 'node:path';
import { judgeBy, type Levels, withFound } from '../checks/severity.ts';
import { type Clock, realClock } from '../core/clock.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { limited } from '../core/diagnostics/limit.ts';
import { count } from '../core/text.ts';
import type { NvsProfile } from '../formats/nvs/model.ts';
import { openProject } from '../project/open.ts';
import { type Project, severitiesOf } from '../project/project.ts';
import type { AskPassword } from '../sources/content-provider.ts';
import type { RunProgram } from '../sources/run-program.ts';
import { type Build, emptyResult } from './result.ts';
import { type Run, runPipeline } from './run.ts';

export interface BuildOptions {
  /** Where to look for a config or a checkout, and what other paths are relative to. Default: the process's own. */
  readonly cwd?: string;
  /** A config file to use instead of looking for one. */
  readonly config?: string;
  /** The module of a checkout: a folder of module_config, or a module name. */
  readonly module?: string;
  /** A customized partition table to use instead of the module's own. */
  readonly table?: string;
  /** Names of the partitions to build. Default: all. */
  readonly partitions?: readonly string[];
  /** `check` compares and writes nothing; `plan` says what would be written. Default: `write`. */
  readonly mode?: 'write' | 'check' | 'plan';
  /** How NVS images are written; both read alike. Default: as the module's own ESP-IDF does. */
  readonly nvsProfile?: NvsProfile;
  /** The time that validity is judged at. Default: now. */
  readonly now?: Date;
  /** Severities of diagnostics by code, before those of the config. */
  readonly levels?: Levels;
  /** More warnings than this are an error. */
  readonly maxWarnings?: number;
  /** Write images that are equal, too. Never overrides an error. */
  readonly force?: boolean;
  /** `false` runs no program: neither those of exec sources nor a config that is one. Default: `true`. */
  readonly exec?: boolean;
  /** The environment that env sources and passwords come from. Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Asks for the password of an encrypted key whose variable is not set. Default: nobody is asked. */
  readonly askPassword?: AskPassword;
}

/** What is known before anything is read: a result without images. */
export type SoFar = Build & { readonly project: Project };

/** What a caller within the program adds. */
export interface BuildSteps {
  /** Called before sources are read. An error that it gives stops the build. */
  readonly beforeRead?: (sofar: SoFar) => Promise<readonly Diagnostic[]>;
  /** Runs the programs of exec sources. */
  readonly runProgram?: RunProgram;
  /** Ends a program that is running. Called only when one is. */
  readonly interruption?: (() => AbortSignal) | undefined;
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/** From the working folder to images on disk, and all that there is to say about it. */
export async function buildProject(options: BuildOptions & BuildSteps = {}, command = 'build'): Promise<Build> {
  const { clock = realClock } = options;
  const started = clock.now();
  const cwd = resolve(options.cwd ?? '.');
  const { project, diagnostics: opened } = await openProject({ ...options, cwd });
  const severities = severitiesOf(project, options.levels ?? {});
  const isError = judgeBy(severities);
  const base = {
    ...withFound({ ...emptyResult(command, cwd, []), severities }, opened),
    config: project?.configFile,
    module: project?.module,
    project,
  };
  const isWhole = project !== undefined && !opened.some(isError);
  const problems = (isWhole && (await options.beforeRead?.({ ...base, project }))) || [];
  const run = { ...runOf(options), isError };
  const { diagnostics: found = [], ...outcome } =
    isWhole && !problems.some(isError) ? await runPipeline(project, run) : {};
  const durationMs = Math.floor(clock.now() - started);
  const result = withFound({ ...base, ...outcome, durationMs }, [...problems, ...found]);
  const whole = withFound(result, tooManyWarnings(result.diagnostics, options.maxWarnings));
  return { ...whole, diagnostics: limited(whole.diagnostics) };
}

function runOf(options: BuildOptions & BuildSteps): Omit<Run, 'isError'> {
  const { mode, partitions, force, now, env, exec, askPassword, runProgram, interruption, clock } = options;
  return {
    mode: mode ?? 'write',
    names: partitions ?? [],
    force: force ?? false,
    now: now ?? new Date(),
    surroundings: {
      env: env ?? process.env,
      exec: exec ?? true,
      askPassword,
      runProgram,
      interruption,
      clock,
    },
  };
}

function tooManyWarnings(diagnostics: readonly Diagnostic[], most: number | undefined): Diagnostic[] {
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  if (most === undefined || warnings <= most) return [];
  const message = `${count(warnings, 'warning')}, and --max-warnings allows ${most}`;
  return [diagnostic('too-many-warnings', message)];
}
