import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { parseArguments, type UsageProblem } from './commands/parse.ts';
import { didYouMean } from './core/text.ts';

export interface Process extends Omit<Context, 'cwd'> {
  /** What follows the program's name. */
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** The whole program but the process itself: tests call it without spawning. Gives the exit code. */
export async function run({ argv, ...context }: Process): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const asked = name === 'help' ? rest[0] : undefined;
    if (asked !== undefined && Object.hasOwn(commands, asked)) return run({ argv: [asked, '--help'], ...context });
    const { programHelp } = await import('./commands/help.ts');
    (name === undefined ? context.stderr : context.stdout).write(programHelp());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-V') return printVersion(context);

  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    const what = name.startsWith('-') ? 'options follow the command' : `there is no command "${name}"`;
    const hint = didYouMean(name, Object.keys(commands), '') ?? 'at-pki --help lists the commands';
    return refuse(context, argv, { message: what, hint });
  }
  const command = await entry.load();
  const parsed = parseArguments(command, rest);
  if (!parsed.ok) return refuse(context, argv, parsed.error, `at-pki ${name} --help tells more`);
  const args = parsed.value;
  if (args.flag('help')) {
    const { commandHelp } = await import('./commands/help.ts');
    context.stdout.write(commandHelp(command));
    return 0;
  }
  if (args.flag('version')) return printVersion(context);

  const cwd = resolve(context.cwd, args.text('cwd') ?? '.');
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    return refuse(context, argv, { message: `--cwd ${args.text('cwd')} is not a folder` });
  }
  return command.run(args, { ...context, cwd });
}

async function printVersion(context: Pick<Context, 'stdout'>): Promise<number> {
  const { version } = await import('./version.ts');
  context.stdout.write(`${version}\n`);
  return 0;
}

/** A wrong command line: said on stderr, and as a report where JSON was asked for. */
async function refuse(
  context: Omit<Context, 'cwd'> & { readonly cwd: string },
  argv: readonly string[],
  problem: UsageProblem,
  more?: string,
): Promise<number> {
  const { diagnostic } = await import('./core/diagnostic.ts');
  const { report, choiceOf } = await import('./report/index.ts');
  const hint = [problem.hint, more].filter((text) => text !== undefined).join('; ');
  const one = diagnostic('usage', problem.message, hint === '' ? {} : { hint });
  const choice = choiceOf({ flag: (name) => argv.includes(`--${name}`), text: () => undefined }, context);
  return report(
    { command: argv[0] ?? '', cwd: context.cwd, durationMs: 0, partitions: [], files: [], diagnostics: [one] },
    choice,
    context,
  );
}
