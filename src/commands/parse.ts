import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../core/result.ts';
import { didYouMean, printable } from '../core/text.ts';
import type { Arguments, Command, Options } from './command.ts';
import { commonConflicts, commonOptions } from './options.ts';

/** What is wrong with a command line. */
export interface UsageProblem {
  readonly message: string;
  readonly hint?: string;
}

export const optionsOf = (command: Command): Options =>
  command.standalone ? { ...command.options, help: commonOptions.help } : { ...commonOptions, ...command.options };

/** Reads a command's arguments, or says what is wrong with them. Of an option given twice the last one counts. */
export function parseArguments(command: Command, argv: readonly string[]): Result<Arguments, UsageProblem> {
  const options = optionsOf(command);
  const nul = argv.find((word) => word.includes('\0'));
  if (nul !== undefined) return fail({ message: `a NUL character stands in the argument ${printable(nul)}` });
  const { own, rest } = splitRest(argv, options);
  const { values, positionals, tokens } = parseArgs({
    args: normalized(own, options, command),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const args: Arguments = {
    argv,
    words: positionals.map(plain),
    flag: (name) => values[name] === true,
    text: (name) => (typeof values[name] === 'string' ? plain(values[name]) : undefined),
    texts: (name) =>
      (name === rest?.name ? rest.words : undefined) ??
      [values[name] ?? []].flat().flatMap((value) => (typeof value === 'string' ? [plain(value)] : [])),
  };
  // Whoever asks for help gets it, whatever else is wrong.
  if (args.flag('help') || (options.version === commonOptions.version && args.flag('version'))) return ok(args);

  const given = new Set<string>(rest ? [rest.name] : []);
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const problem = problemOf(token, options);
    if (problem) return fail(problem);
    given.add(token.name);
  }
  for (const [one, other] of [...(command.conflicts ?? []), ...commonConflicts]) {
    if (given.has(one) && given.has(other)) {
      return fail({ message: `--${one} and --${other} contradict each other`, hint: 'leave one of them out' });
    }
  }
  if (rest?.words.length === 0) {
    return fail({ message: `--${rest.name} needs a value: --${rest.name} ${options[rest.name]?.value ?? 'VALUE'}` });
  }
  const { min, max } = command.words;
  if (positionals.length < min) return fail({ message: `something is missing: ${usageOf(command)}` });
  if (positionals.length > max) {
    // Of a PEM text the first line alone: the others may be a key.
    const word = printable(args.words[max]?.split('\n')[0] ?? '');
    return fail({ message: `"${word}" is one word too many: ${usageOf(command)}` });
  }
  return ok(args);
}

/** `at-pki inspect FILE [options], or at-pki inspect --port PORT WHAT [options]`. */
const usageOf = ({ usage }: Command): string => usage.map((line) => `at-pki ${line}`).join(', or ');

/** Cuts off an option that takes everything up to the end of the line, whatever that looks like. */
function splitRest(
  argv: readonly string[],
  options: Options,
): { readonly own: readonly string[]; readonly rest?: { readonly name: string; readonly words: readonly string[] } } {
  const end = argv.indexOf('--');
  const at = argv.findIndex((word, index) => (end < 0 || index < end) && options[nameOf(word)]?.rest === true);
  const word = argv[at];
  if (word === undefined) return { own: argv };
  const name = nameOf(word);
  const inline = word.length > `--${name}`.length ? [word.slice(`--${name}=`.length)] : [];
  return { own: argv.slice(0, at), rest: { name, words: [...inline, ...argv.slice(at + 1)] } };
}

const nameOf = (word: string): string => /^--([^=]+)/.exec(word)?.[1] ?? '';

/** Marks what is a word, although node:util would take it for an option: `-5`, a PEM text. */
const notOption = '\0';
const plain = (word: string): string => (word.startsWith(notOption) ? word.slice(notOption.length) : word);

interface OptionToken {
  readonly name: string;
  /** As it was written: `-b`, `--bin_file`. */
  readonly rawName: string;
  readonly value?: string | undefined;
  /** The value stands in the same word: `--option=value`. */
  readonly inlineValue?: boolean | undefined;
}

function problemOf(token: OptionToken, options: Options): UsageProblem | undefined {
  const { name, value, inlineValue } = token;
  const rawName = printable(token.rawName);
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    // Of single letters every one is near every other.
    const hint = rawName.startsWith('--') ? didYouMean(rawName, spellings(options), '') : undefined;
    return { message: `there is no option ${rawName}`, hint };
  }
  if (option.type === 'boolean') return value === undefined ? undefined : { message: `${rawName} takes no value` };
  // `--config --json`: the value was forgotten.
  const isOption = inlineValue !== true && value !== undefined && /^-./.test(value);
  if (value === undefined || value === '' || isOption) {
    const wanted = option.choices?.join('|') ?? option.value ?? 'VALUE';
    const hint = isOption ? `a value that starts with a dash is written --${name}=${printable(value)}` : undefined;
    return { message: `${rawName} needs a value: ${rawName} ${wanted}`, hint };
  }
  if (option.choices && !option.choices.includes(value)) {
    const hint = didYouMean(value, option.choices, '');
    const message = `${rawName} takes ${option.choices.join(', ')}; it was given "${printable(value)}"`;
    return { message, hint };
  }
  return undefined;
}

const spellings = (options: Options): string[] => Object.keys(options).map((name) => `--${name}`);

/**
 * Spellings that node:util does not know: `-b=FILE` for `-bFILE`; and, as the argument parser of the reference scripts
 * takes it, any unambiguous beginning of an option (`--bin` for `--bin_file`).
 */
function normalized(argv: readonly string[], options: Options, command: Command): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, index) => {
    if (end >= 0 && index > end) return word;
    if (word.startsWith('-----BEGIN ') || (command.negativeNumbers && /^-\d/.test(word))) return `${notOption}${word}`;
    const [, letter, inline] = /^-([^-])=(.+)$/s.exec(word) ?? [];
    if (letter && Object.values(options).some(({ short, type }) => short === letter && type === 'string')) {
      return `-${letter}${inline}`;
    }
    const [, begun, value = ''] = /^--([^=]+)(=.*)?$/s.exec(word) ?? [];
    if (!command.standalone || begun === undefined || Object.hasOwn(options, begun)) return word;
    const [match, ...others] = Object.keys(options).filter((name) => name.startsWith(begun));
    return match && others.length === 0 ? `--${match}${value}` : word;
  });
}
