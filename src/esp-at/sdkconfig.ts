import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { parseBytes } from '../core/text.ts';
import { readIfAny, textIn } from './files.ts';

/*
 * `sdkconfig` and `sdkconfig.defaults`, by Kconfig's rules: `CONFIG_X=value` or `# CONFIG_X is not set`, the last line
 * about an option counts, all other lines are comments. A full one has thousands of lines of which a build asks for
 * twenty: it is searched for those, not taken apart.
 */

/** Such a file, as it was read. */
export interface Sdkconfig {
  readonly file: string;
  readonly text: string;
}

/** What the last line about an option says. */
interface Setting {
  /** Without quotes; `n` for `# CONFIG_X is not set`. */
  readonly value: string;
  /** Where the line starts in the text. */
  readonly start: number;
}

/** Reads such a file; undefined where there is none. */
export function readSdkconfig(file: string, diagnostics: Diagnostic[]): Sdkconfig | undefined {
  const bytes = readIfAny(file, diagnostics);
  return bytes && { file, text: textIn(bytes) };
}

/** What is set for an option, named without its `CONFIG_`: without quotes, `n` where it is switched off. */
export const settingValue = (config: Sdkconfig | undefined, option: string): string | undefined =>
  config && settingOf(config, option)?.value;

/** Whether a yes-or-no option is on. */
export const isOn = (config: Sdkconfig | undefined, option: string): boolean => settingValue(config, option) === 'y';

/** A text option; undefined where it is absent, empty or switched off. */
export function textOf(config: Sdkconfig | undefined, option: string): string | undefined {
  const value = settingValue(config, option);
  return value === '' || value === 'n' ? undefined : value;
}

/** A number, decimal or `0x…`. */
export const numberOf = (config: Sdkconfig | undefined, option: string): number | undefined =>
  parseBytes(textOf(config, option) ?? '');

/** The `X` of the one option `<prefix>X=y` that is on: how Kconfig writes a choice. */
export function choiceOf(config: Sdkconfig, prefix: string): string | undefined {
  const { text } = config;
  for (const start of linesThatStart(text, `CONFIG_${prefix}`)) {
    const option = text.slice(start + 'CONFIG_'.length, text.indexOf('=', start));
    if (isOn(config, option)) return option.slice(prefix.length);
  }
  return undefined;
}

/** Where an option is set. */
export function settingPlace(config: Sdkconfig, option: string): Place {
  const setting = settingOf(config, option);
  if (setting === undefined) return { file: config.file };
  const text = lineAt(config.text, setting.start);
  const line = config.text.slice(0, setting.start).split('\n').length;
  return { file: config.file, line, column: 1, length: text.length, text };
}

function settingOf({ text }: Sdkconfig, option: string): Setting | undefined {
  const assignment = `CONFIG_${option}=`;
  const assigned = linesThatStart(text, assignment).at(-1) ?? -1;
  const unset = linesThatStart(text, `# CONFIG_${option} is not set`).at(-1) ?? -1;
  if (assigned > unset) {
    return { value: unquoted(lineAt(text, assigned).slice(assignment.length)), start: assigned };
  }
  return unset < 0 ? undefined : { value: 'n', start: unset };
}

function linesThatStart(text: string, start: string): number[] {
  const found = text.startsWith(start) ? [0] : [];
  const needle = `\n${start}`;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) found.push(at + 1);
  return found;
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end).trimEnd();
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value);
  return quoted?.[1] === undefined ? value : quoted[1].replace(/\\(.)/g, '$1');
}
