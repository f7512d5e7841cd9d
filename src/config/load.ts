import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Diagnostic, diagnostic, isError, type Place } from '../core/diagnostics/diagnostic.ts';
import type { Config } from './generated/config.ts';
import { packageProperty, readConfig } from './read.ts';
import type { ConfigSource } from './source.ts';
import { validateConfig } from './validate.ts';

/** A valid config and where everything in it stands. */
export interface LoadedConfig {
  /** Absolute. */
  readonly file: string;
  /** What its paths are relative to. */
  readonly folder: string;
  readonly value: Config;
  readonly source: ConfigSource;
}

export interface ConfigResult {
  readonly config?: LoadedConfig;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LoadOptions {
  /** Whether a config that is a program may be run; default true. */
  readonly allowPrograms?: boolean;
}

/** The names of a config, in the order of preference within one folder. */
export const configNames: readonly string[] = [
  ...['json', 'jsonc', 'yaml', 'yml', 'js', 'mjs', 'cjs', 'ts'].map((ending) => `pki.config.${ending}`),
  '.at-pkirc',
  'package.json',
];

/**
 * The config that a folder belongs to: looked for in it and in the folders above, up to the one with `.git`.
 * Undefined where there is none. `folder` is absolute.
 */
export function findConfigFile(folder: string): string | undefined {
  for (const here of searchedFolders(folder)) {
    const [first] = configsIn(here);
    if (first !== undefined) return first;
  }
  return undefined;
}

/** The folders in which a config for this one may stand, the nearest first. */
export function* searchedFolders(folder: string): Generator<string> {
  for (let here = folder; ; here = dirname(here)) {
    yield here;
    if (dirname(here) === here || existsSync(join(here, '.git'))) return;
  }
}

function configsIn(folder: string): string[] {
  let names: Set<string>;
  try {
    names = new Set(readdirSync(folder));
  } catch {
    return [];
  }
  return configNames
    .filter((name) => names.has(name))
    .map((name) => join(folder, name))
    .filter((file) => !file.endsWith('package.json') || isConfigured(file));
}

/** Whether a package.json has our property. One that is broken has other readers that will say so. */
function isConfigured(file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
    // Most mention it among their dependencies only, or not at all.
    return text.includes(`"${packageProperty}"`) && Object.hasOwn(JSON.parse(text), packageProperty);
  } catch {
    return false;
  }
}

/** Reads and checks a config. All that is wrong with it is reported at once, in the order of the text. */
export async function loadConfig(file: string, { allowPrograms = true }: LoadOptions = {}): Promise<ConfigResult> {
  const { content, diagnostics: unread, misread = [] } = await readConfig(file, allowPrograms);
  if (!content) return { diagnostics: [...otherConfigs(file), ...unread] };
  const { value, source } = content;
  const checked = await validateConfig(value, source);
  const mistakes = checked.ok ? [] : checked.error.filter(({ place }) => !misread.some((one) => meet(one, place)));
  const diagnostics = [...otherConfigs(file), ...[...unread, ...mistakes].sort(byPlace)];
  if (!checked.ok || diagnostics.some(isError)) return { diagnostics };
  return { config: { file, folder: dirname(file), value: checked.value, source }, diagnostics };
}

function otherConfigs(file: string): Diagnostic[] {
  if (!configNames.includes(basename(file))) return [];
  const others = configsIn(dirname(file)).filter((one) => one !== file);
  if (others.length === 0) return [];
  const message = `this folder has another config, which is not used: ${others.map((one) => basename(one)).join(', ')}`;
  return [diagnostic('config-ignored', message, { place: { file }, hint: 'keep one of them' })];
}

/** Whether two places share a column. */
function meet(one: Place, other: Place | undefined): boolean {
  if (one.line === undefined || one.line !== other?.line) return false;
  const [start, otherStart] = [one.column ?? 1, other.column ?? 1];
  return start < otherStart + (other.length ?? 1) && otherStart < start + (one.length ?? 1);
}

const byPlace = ({ place: a }: Diagnostic, { place: b }: Diagnostic): number =>
  (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
