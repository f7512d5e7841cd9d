import type { Level, Levels } from '../checks/severity.ts';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Problems } from '../core/diagnostics/problems.ts';
import { nvsProfiles } from '../formats/nvs/model.ts';
import type { BuildOptions, BuildSteps } from '../pipeline/build.ts';
import type { HookOptions } from '../pipeline/hooks.ts';
import { unknownCode } from '../project/from-config/checks.ts';
import type { Arguments, Context } from './command.ts';

/** What the options that every building command takes come to, and what is wrong with them. */
export function projectArguments(
  args: Arguments,
  { cwd, env, now, askPassword, interruption }: Pick<Context, 'cwd' | 'env' | 'now' | 'askPassword' | 'interruption'>,
  problems: Problems,
): BuildOptions & BuildSteps {
  const [config, module, table] = ['config', 'module', 'table'].map((name) => args.text(name));
  const nvsProfile = nvsProfiles.find((one) => one === args.text('nvs-profile'));
  const levels = levelsOf(args, problems);
  const most = args.text('max-warnings');
  if (most !== undefined && !/^\d{1,9}$/.test(most)) {
    problems.add(diagnostic('usage', `--max-warnings takes a number; it was given "${most}"`));
  }
  return {
    cwd,
    config,
    module,
    table,
    nvsProfile,
    now: now?.(),
    maxWarnings: most === undefined ? undefined : Number(most),
    exec: !args.flag('no-exec'),
    env,
    askPassword,
    interruption,
    partitions: args.words,
    levels,
  };
}

/** What the command line says of hooks, and what they need of the process. */
export function hookArguments(
  args: Arguments,
  { stderr, interruption, clock }: Pick<Context, 'stderr' | 'interruption' | 'clock'>,
): HookOptions {
  const [program, ...rest] = args.texts('exec');
  return {
    output: stderr,
    interruption,
    clock,
    afterwards: program === undefined ? undefined : { exec: [program, ...rest] },
  };
}

function levelsOf(args: Arguments, problems: Problems): Levels {
  const levels: Record<string, Level> = {};
  for (const [option, level] of [
    ['error', 'error'],
    ['warn', 'warning'],
    ['off', 'off'],
  ] as const) {
    for (const code of args.texts(option)) {
      const unknown = unknownCode(code, {});
      problems.addAll(
        unknown.map((problem) => ({ ...problem, code: 'usage', message: `--${option}: ${problem.message}` })),
      );
      if (unknown.length === 0) Object.assign(levels, { [code]: level });
    }
  }
  return levels;
}
