import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../core/result.ts';
import { didYouMean } from '../core/text.ts';
import type { Arguments, Command, Options } from './command.ts';
import { commonOptions } from './options.ts';

/** What is wrong with a command line. */
export interface UsageProblem {
  readonly message: string;
  readonly hint?: string;
}

export const optionsOf = (command: Command): Options =>
  command.standalone ? { ...command.options, help: commonOptions.help } : { ...command.options, ...commonOptions };

/** Reads a command's arguments, or says what is wrong with them. */
export function parseArguments(command: Command, argv: readonly string[]): Result<Arguments, UsageProblem> {
  const options = optionsOf(command);
  const { values, positionals, tokens } = parseArgs({
    args: unabbreviated(argv, options, command),
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (option === undefined) {
      const hint = didYouMean(token.rawName, spellings(options), '');
      return fail({ message: `there is no option ${token.rawName}`, ...(hint && { hint }) });
    }
    if (option.type === 'string' && (token.value === undefined || missedValue(token))) {
      return fail({ message: `${token.rawName} needs a value: ${token.rawName} ${option.value ?? 'VALUE'}` });
    }
    if (option.type === 'boolean' && token.value !== undefined) {
      return fail({ message: `${token.rawName} takes no value` });
    }
    if (option.choices && token.value !== undefined && !option.choices.includes(token.value)) {
      const hint = didYouMean(token.value, option.choices, '');
      const message = `${token.rawName} takes ${option.choices.join(', ')}; it was given "${token.value}"`;
      return fail({ message, ...(hint && { hint }) });
    }
  }
  const { min, max } = command.words;
  if (values.help !== true && positionals.length < min) {
    return fail({ message: `something is missing: at-pki ${command.usage[0]}` });
  }
  if (positionals.length > max) {
    return fail({ message: `"${positionals[max]}" is one word too many: at-pki ${command.usage[0]}` });
  }
  return ok({
    words: positionals,
    flag: (name) => values[name] === true,
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
  });
}

/** `--bin_file --other`: the value was forgotten. A value that starts with a dash is written `--option=-value`. */
const missedValue = (token: { value?: string | undefined; inlineValue?: boolean | undefined }): boolean =>
  token.inlineValue !== true && token.value !== undefined && /^-./.test(token.value);

const spellings = (options: Options): string[] =>
  Object.entries(options).flatMap(([name, { short }]) => (short ? [`--${name}`, `-${short}`] : [`--${name}`]));

/** The reference scripts' argument parser takes any unambiguous beginning of an option (`--bin` for `--bin_file`). */
function unabbreviated(argv: readonly string[], options: Options, command: Command): string[] {
  if (!command.standalone) return [...argv];
  return argv.map((word) => {
    const [, begun, value = ''] = /^--([^=]+)(=.*)?$/s.exec(word) ?? [];
    if (begun === undefined || options[begun]) return word;
    const [match, ...others] = Object.keys(options).filter((name) => name.startsWith(begun));
    return match && others.length === 0 ? `--${match}${value}` : word;
  });
}
