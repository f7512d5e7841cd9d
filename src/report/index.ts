import { exitCodeOf } from '../core/diagnostics/exit-code.ts';
import type { BuildResult } from '../pipeline/result.ts';
import type { Reporter, Streams, Style } from './reporter.ts';

/** Every reporter, by the name that --reporter gives it. Only the one that prints is loaded. */
export const reporters = {
  pretty: async () => (await import('./pretty.ts')).pretty,
  json: async () => (await import('./json.ts')).json,
  github: async () => (await import('./github.ts')).github,
  sarif: async () => (await import('./sarif.ts')).sarif,
} as const satisfies Record<string, () => Promise<Reporter>>;

export type ReporterName = keyof typeof reporters;

export interface Choice extends Style {
  readonly reporter: ReporterName;
}

/** The options that say how to print. */
export interface Flags {
  flag(name: string): boolean;
  text(name: string): string | undefined;
}

/**
 * How to print, from the command line and the environment: https://no-color.org, https://force-color.org. FORCE_COLOR
 * outdoes NO_COLOR, as in Node itself; the command line outdoes both.
 */
export function choiceOf(
  args: Flags,
  { env, stdout, stderr }: Streams & { readonly env: Readonly<Record<string, string | undefined>> },
): Choice {
  const named = args.text('reporter');
  const reporter = args.flag('json') ? 'json' : named !== undefined && isReporter(named) ? named : 'pretty';
  const onTerminal = stdout.isTTY === true && stderr.isTTY === true && env.TERM !== 'dumb';
  const forced = env.FORCE_COLOR !== undefined && !['', '0', 'false'].includes(env.FORCE_COLOR);
  const color = !args.flag('no-color') && (forced || (onTerminal && !env.NO_COLOR && env.FORCE_COLOR === undefined));
  const verbosity = args.flag('verbose') ? 'verbose' : args.flag('quiet') ? 'quiet' : 'normal';
  const width = stdout.isTTY === true ? stdout.columns : undefined;
  return { reporter, color, verbosity, width };
}

const isReporter = (name: string): name is ReporterName => Object.hasOwn(reporters, name);

/** Prints a result and gives the exit code that it calls for. */
export async function report(result: BuildResult, choice: Choice, streams: Streams): Promise<number> {
  const print = await reporters[choice.reporter]();
  print(result, choice, streams);
  return exitCodeOf(result.diagnostics);
}
