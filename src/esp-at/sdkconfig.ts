import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { parseBytes } from '../core/text.ts';
import { readIfAny, textIn } from './files.ts';

/** One option of a sdkconfig, without its `CONFIG_`. */
export interface Setting {
  /** Without quotes; `n` for `# CONFIG_X is not set`. */
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
}

/** The options of a `sdkconfig` or `sdkconfig.defaults`, by name without `CONFIG_`. */
export type Sdkconfig = ReadonlyMap<string, Setting>;

/** Such a file, as it was read. */
export interface ConfigFile {
  readonly file: string;
  readonly text: string;
  readonly settings: Sdkconfig;
}

/** Reads such a file; undefined where there is none. */
export function readConfig(file: string, diagnostics: Diagnostic[]): ConfigFile | undefined {
  const bytes = readIfAny(file, diagnostics);
  if (bytes === undefined) return undefined;
  const text = textIn(bytes);
  return { file, text, settings: parseSdkconfig(text) };
}

/** Where an option is set. */
export function settingPlace({ file, text, settings }: ConfigFile, option: string): Place {
  const line = settings.get(option)?.line;
  if (line === undefined) return { file };
  const lineText = text.split('\n')[line - 1]?.trimEnd() ?? '';
  return { file, line, column: 1, length: lineText.length, text: lineText };
}

/** Reads a sdkconfig by Kconfig's rules: the last line about an option counts, lines of any other form are comments. */
export function parseSdkconfig(text: string): Sdkconfig {
  const settings = new Map<string, Setting>();
  let line = 0;
  for (const one of text.split('\n')) {
    line++;
    const match = /^\s*(?:CONFIG_(\w+)=(.*)|# CONFIG_(\w+) is not set\s*)$/.exec(one.trimEnd());
    if (!match) continue;
    const [, assigned, value = '', unset] = match;
    if (assigned !== undefined) settings.set(assigned, { value: unquoted(value), line });
    else if (unset !== undefined) settings.set(unset, { value: 'n', line });
  }
  return settings;
}

function unquoted(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value);
  return quoted?.[1] === undefined ? value : quoted[1].replace(/\\(.)/g, '$1');
}

/** Whether a yes-or-no option is on. */
export const isOn = (config: Sdkconfig | undefined, option: string): boolean => config?.get(option)?.value === 'y';

/** A text option; undefined where it is absent, empty or switched off. */
export function textOf(config: Sdkconfig | undefined, option: string): string | undefined {
  const value = config?.get(option)?.value;
  return value === '' || value === 'n' ? undefined : value;
}

/** A number, decimal or `0x…`. */
export function numberOf(config: Sdkconfig | undefined, option: string): number | undefined {
  const value = textOf(config, option);
  return value === undefined ? undefined : parseBytes(value);
}

/** The `X` of the one option `<prefix>X=y` that is on: how Kconfig writes a choice. */
export function choiceOf(config: Sdkconfig | undefined, prefix: string): string | undefined {
  for (const [option, { value }] of config ?? []) {
    if (value === 'y' && option.startsWith(prefix)) return option.slice(prefix.length);
  }
  return undefined;
}
