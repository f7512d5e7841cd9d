import { resolve } from 'node:path';
import type { Context } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { parseArguments, type UsageProblem } from './commands/parse.ts';
import { writeLines } from './core/door.ts';
import { didYouMean, printable } from './core/text.ts';
import { kindOfPath } from './files/path-kind.ts';
import type { Flags } from './report/index.ts';

export interface Process extends Omit<Context, 'cwd'> {
  /** What follows the program's name. */
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** The whole program but the process itself: tests call it without spawning. Gives the exit code. */
export async function run(process: Process): Promise<number> {
  const { argv, ...context } = process;
  const [name, ...rest] = named(argv);
  if (name === undefined) return help(context.stderr, 2);
  if (name === '--help' || name === '-h') return help(context.stdout, 0);
  if (name === '--version' || name === '-V') return printVersion(context);
  if (name === 'help') {
    const asked = rest.filter((word) => !word.startsWith('-'));
    return asked.length === 0 ? help(context.stdout, 0) : run({ ...process, argv: [...asked, '--help'] });
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) return refuse(process, unknownCommand(name));
  const command = await entry.load();
  const parsed = parseArguments(command, rest);
  if (!parsed.ok) return refuse(process, parsed.error, `at-pki ${name} --help tells more`);
  const args = parsed.value;
  if (args.flag('help')) {
    const { commandHelp } = await import('./commands/help.ts');
    writeLines(context.stdout, commandHelp(command));
    return 0;
  }
  if (args.flag('version')) return printVersion(context);

  const folder = args.text('cwd');
  const cwd = resolve(context.cwd, folder ?? '.');
  if (kindOfPath(cwd) !== 'folder') {
    const what = folder === undefined ? `the current folder, ${cwd},` : `--cwd ${printable(folder)}`;
    return refuse(process, { message: `${what} is not a folder` });
  }
  return command.run(args, { ...context, cwd });
}

/** Joins the two words of a name such as `nvs dump`, known or not: it is then looked for among all commands. */
function named([first, second, ...rest]: readonly string[]): string[] {
  if (first === undefined || second === undefined) return first === undefined ? [] : [first];
  const isGroup = Object.keys(commands).some((name) => name.startsWith(`${first} `));
  return isGroup && !second.startsWith('-') ? [`${first} ${second}`, ...rest] : [first, second, ...rest];
}

async function help(output: Context['stdout'], code: number): Promise<number> {
  const { programHelp } = await import('./commands/help.ts');
  writeLines(output, programHelp());
  return code;
}

async function printVersion({ stdout }: Pick<Context, 'stdout'>): Promise<number> {
  const { version } = await import('./core/version.ts');
  writeLines(stdout, [version]);
  return 0;
}

function unknownCommand(name: string): UsageProblem {
  const meant = didYouMean(name, Object.keys(commands), '');
  if (!name.startsWith('-')) {
    return { message: `there is no command "${printable(name)}"`, hint: meant ?? 'at-pki --help lists the commands' };
  }
  const hint = meant ?? `at-pki COMMAND ${printable(name)}; at-pki --help lists the commands`;
  return { message: `a command comes first, then options such as ${printable(name)}`, hint };
}

/** A wrong command line: said on stderr, or as a report where JSON was asked for. */
async function refuse({ argv, ...context }: Process, problem: UsageProblem, more?: string): Promise<number> {
  const { diagnostic } = await import('./core/diagnostics/diagnostic.ts');
  const { report, choiceOf } = await import('./report/index.ts');
  const { emptyResult } = await import('./pipeline/result.ts');
  const hint = problem.hint && more ? `${problem.hint} (${more})` : (problem.hint ?? more ?? '');
  const one = diagnostic('usage', problem.message, hint === '' ? {} : { hint });
  const choice = choiceOf(guessed(argv), context);
  const [command = ''] = named(argv);
  const result = emptyResult(command, context.cwd, [one]);
  return report(result, choice, context);
}

/** How to print, out of a command line that is wrong somewhere. */
function guessed(argv: readonly string[]): Flags {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  return {
    flag: (name) => words.includes(`--${name}`),
    text: (name) =>
      words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ??
      (words.includes(`--${name}`) ? words[words.indexOf(`--${name}`) + 1] : undefined),
  };
}
