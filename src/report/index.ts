import { exitCodeOf } from '../core/diagnostics/exit-code.ts';
import { buildFields } from '../pipeline/build-report.ts';
import type { BuildResult } from '../pipeline/result.ts';
import type { Document, Streams, Style } from './reporter.ts';
import { loadReporter, reporters } from './reporters.ts';

export interface Choice extends Style {
  /** Its name in the list of reporters. */
  readonly reporter: string;
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
  const reporter = args.flag('json')
    ? 'json'
    : named !== undefined && Object.hasOwn(reporters, named)
      ? named
      : 'pretty';
  const onTerminal = stdout.isTTY === true && stderr.isTTY === true && env.TERM !== 'dumb';
  const forced = env.FORCE_COLOR !== undefined && !['', '0', 'false'].includes(env.FORCE_COLOR);
  const color = !args.flag('no-color') && (forced || (onTerminal && !env.NO_COLOR && env.FORCE_COLOR === undefined));
  const verbosity = args.flag('verbose') ? 'verbose' : args.flag('quiet') ? 'quiet' : 'normal';
  const width = stdout.isTTY === true ? stdout.columns : undefined;
  return { reporter, color, verbosity, width };
}

/** Returns the result of a build as any reporter prints it. */
export const documentOf = (result: BuildResult): Document => ({
  command: result.command,
  cwd: result.cwd,
  diagnostics: result.diagnostics,
  lines: [],
  get fields() {
    return { ...buildFields(result) };
  },
  pretty: async (style, streams) => (await import('./pretty.ts')).pretty(result, style, streams),
});

/** Prints the result of a build and returns the exit code that it calls for. */
export async function report(result: BuildResult, choice: Choice, streams: Streams): Promise<number> {
  const print = await loadReporter(choice.reporter);
  await print(documentOf(result), choice, streams);
  return exitCodeOf(result.diagnostics);
}
