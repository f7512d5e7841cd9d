import type { Place } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { parseBytes } from '../../core/text.ts';
import { readIfAny, reportNul, textIn } from './files.ts';

/*
 * `sdkconfig` and `sdkconfig.defaults`, by Kconfig's rules: `CONFIG_X=value` or `# CONFIG_X is not set`, the last line
 * about an option counts, all other lines are comments. It is gone through once, when the first option is asked for:
 * searched again for each, one of 100,000 lines would keep a build busy for minutes.
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
  /** Where the first line stands that gives it a value; none for an option that is only ever unset. */
  readonly assigned: number | undefined;
}

/** Reads such a file; undefined where there is none. */
export function readSdkconfig(file: string, problems: Problems): Sdkconfig | undefined {
  const bytes = readIfAny(file, problems);
  if (bytes === undefined) return undefined;
  const text = textIn(bytes);
  reportNul(text, file, problems);
  return { file, text };
}

/** What is set for an option, named without its `CONFIG_`: without quotes, `n` where it is switched off. */
export const settingValue = (config: Sdkconfig | undefined, option: string): string | undefined =>
  config && settingsOf(config).get(option)?.value;

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

/** The `X` of the one option `<prefix>X=y` that is on: how Kconfig writes a choice. Of several the first. */
export function choiceOf(config: Sdkconfig, prefix: string): string | undefined {
  let chosen: string | undefined;
  let first = Number.POSITIVE_INFINITY;
  for (const [option, { value, assigned = first }] of settingsOf(config)) {
    if (value !== 'y' || assigned >= first || !option.startsWith(prefix)) continue;
    chosen = option.slice(prefix.length);
    first = assigned;
  }
  return chosen;
}

/** Where an option is set. */
export function settingPlace(config: Sdkconfig, option: string): Place {
  const setting = settingsOf(config).get(option);
  if (setting === undefined) return { file: config.file };
  const text = lineAt(config.text, setting.start);
  const line = config.text.slice(0, setting.start).split('\n').length;
  return { file: config.file, line, column: 1, length: text.length, text };
}

const known = new WeakMap<Sdkconfig, ReadonlyMap<string, Setting>>();

/** The last line about each option. */
function settingsOf(config: Sdkconfig): ReadonlyMap<string, Setting> {
  const settings = known.get(config) ?? readSettings(config.text);
  known.set(config, settings);
  return settings;
}

const [set, unset, isNotSet] = ['CONFIG_', '# CONFIG_', ' is not set'];

function readSettings(text: string): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  for (let start = 0, next = 0; start < text.length; start = next) {
    const end = text.indexOf('\n', start);
    next = end < 0 ? text.length : end + 1;
    const isSet = text.startsWith(set, start);
    if (!isSet && !text.startsWith(unset, start)) continue;
    const line = lineAt(text, start);
    const name = line.slice(isSet ? set.length : unset.length);
    const length = name.indexOf(isSet ? '=' : isNotSet);
    if (length < 0) continue;
    const option = name.slice(0, length);
    const assigned = settings.get(option)?.assigned ?? (isSet ? start : undefined);
    settings.set(option, { value: isSet ? unquoted(name.slice(length + 1)) : 'n', start, assigned });
  }
  return settings;
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end).trimEnd();
}

/** What stands between the quotes; the whole where they are not closed. */
function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  let text = '';
  for (let at = 1; at < value.length; at++) {
    if (value[at] === '"') return text;
    if (value[at] === '\\') at++;
    text += value[at] ?? '';
  }
  return value;
}
