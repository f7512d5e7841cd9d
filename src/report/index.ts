import type { Context } from '../commands/command.ts';
import { exitCodeOf } from './exit-code.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { pretty } from './pretty.ts';
import type { Reporter, Style } from './reporter.ts';
import type { BuildResult } from './result.ts';

/** Every reporter, by the name that --reporter gives it. */
export const reporters = { pretty, json, github } as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof reporters;

export interface Choice extends Style {
  readonly reporter: ReporterName;
}

interface Flags {
  flag(name: string): boolean;
  text(name: string): string | undefined;
}

/** How to print, from the command line and the environment (https://no-color.org). */
export function choiceOf(args: Flags, { env, stdout, stderr }: Pick<Context, 'env' | 'stdout' | 'stderr'>): Choice {
  const named = args.text('reporter');
  const reporter = args.flag('json') ? 'json' : named !== undefined && isReporter(named) ? named : 'pretty';
  const color = stdout.isTTY === true && stderr.isTTY === true && !env.NO_COLOR && !args.flag('no-color');
  const verbosity = args.flag('verbose') ? 'verbose' : args.flag('quiet') ? 'quiet' : 'normal';
  return { reporter, color, verbosity };
}

const isReporter = (name: string): name is ReporterName => Object.hasOwn(reporters, name);

/** Prints a result and gives the exit code that it calls for. */
export function report(result: BuildResult, choice: Choice, streams: Pick<Context, 'stdout' | 'stderr'>): number {
  reporters[choice.reporter](result, choice, streams);
  return exitCodeOf(result.diagnostics);
}
