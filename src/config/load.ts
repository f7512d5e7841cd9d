import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { type Diagnostic, diagnostic, isError } from '../core/diagnostic.ts';
import type { Config } from './generated/config.ts';
import { type ConfigSource, sourceOf, sourceWithoutPlaces } from './source.ts';
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

const packageProperty = 'at-pki';

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
  for (let here = folder; ; here = dirname(here)) {
    const [first] = configsIn(here);
    if (first !== undefined) return first;
    if (dirname(here) === here || existsSync(join(here, '.git'))) return undefined;
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
    const text = readFileSync(file, 'utf8');
    // Most mention it among their dependencies only, or not at all.
    return text.includes(`"${packageProperty}"`) && Object.hasOwn(JSON.parse(text), packageProperty);
  } catch {
    return false;
  }
}

/** Reads and checks a config. All that is wrong with it is reported at once. */
export async function loadConfig(file: string): Promise<ConfigResult> {
  const read = await readConfig(file);
  const diagnostics = [...otherConfigs(file), ...read.diagnostics];
  if (!('value' in read)) return { diagnostics };
  const checked = await validateConfig(read.value, read.source);
  // What stands on the line of a syntax error is only half understood.
  const misread = new Set(read.diagnostics.map(({ place }) => place?.line));
  const mistakes = checked.ok ? [] : checked.error.filter(({ place }) => !place?.line || !misread.has(place.line));
  diagnostics.push(...mistakes);
  if (!checked.ok || diagnostics.some(isError)) return { diagnostics };
  return { config: { file, folder: dirname(file), value: checked.value, source: read.source }, diagnostics };
}

function otherConfigs(file: string): Diagnostic[] {
  const others = configsIn(dirname(file)).filter((one) => one !== file);
  if (others.length === 0 || !configNames.some((name) => file.endsWith(name))) return [];
  const names = others.map((one) => one.slice(dirname(one).length + 1)).join(', ');
  const hint = 'keep one of them';
  return [
    diagnostic('config-ignored', `this folder has another config, which is not used: ${names}`, {
      place: { file },
      hint,
    }),
  ];
}

type ReadConfig =
  | { readonly value: unknown; readonly source: ConfigSource; readonly diagnostics: readonly Diagnostic[] }
  | { readonly diagnostics: readonly Diagnostic[] };

/** cosmiconfig finds the loader for a file; ours keep the text and its tree, for positions. */
async function readConfig(file: string): Promise<ReadConfig> {
  // Not by import(): that would start Node's loader of ES modules for a package that is none, which takes 5 ms.
  const { cosmiconfig }: typeof import('cosmiconfig') = createRequire(import.meta.url)('cosmiconfig');
  const explorer = cosmiconfig(packageProperty, {
    searchPlaces: [...configNames],
    cache: false,
    loaders: {
      '.json': loadJson,
      '.jsonc': loadJson,
      '.yaml': loadYaml,
      '.yml': loadYaml,
      noExt: loadYaml,
      '.js': loadProgram,
      '.mjs': loadProgram,
      '.cjs': loadProgram,
      '.ts': loadProgram,
    },
  });
  try {
    const result = await explorer.load(file);
    if (result?.config) return result.config;
    const hint = 'a config lists "partitions"; pki.config.example.json shows one';
    return { diagnostics: [diagnostic('config-missing', 'the config is empty', { place: { file }, hint })] };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { diagnostics: [diagnostic('config-unreadable', whyUnreadable(file, error), { place: { file } })] };
  }
}

function whyUnreadable(file: string, error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such config';
  if (code === 'EISDIR') return 'the config is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'the config cannot be read: permission denied';
  if (error.message.startsWith('No loader specified')) {
    const ending = extname(file);
    return `a config ends in .json, .jsonc, .yaml, .js, .mjs, .cjs or .ts, not in ${ending || 'nothing'}`;
  }
  return error.message;
}

async function loadJson(file: string, text: string): Promise<ReadConfig | Record<string, ReadConfig>> {
  const { parseJson } = await import('./json.ts');
  const inPackage = file.endsWith('package.json');
  const { tree, diagnostics, ...rest } = parseJson(file, text, { comments: !file.endsWith('.json') });
  if (!('value' in rest)) return inPackage ? { [packageProperty]: { diagnostics } } : { diagnostics };
  if (!inPackage) return { value: rest.value, source: sourceOf(file, text, tree), diagnostics };
  const within = {
    locate: (path: readonly (string | number)[], what: 'key' | 'value') =>
      tree.locate([packageProperty, ...path], what),
  };
  const value = Reflect.get(Object(rest.value), packageProperty);
  return { [packageProperty]: { value, source: sourceOf(file, text, within), diagnostics } };
}

async function loadYaml(file: string, text: string): Promise<ReadConfig> {
  const { parseYaml } = await import('./yaml.ts');
  const { value, tree, diagnostics } = parseYaml(file, text);
  return { value, source: sourceOf(file, text, tree), diagnostics };
}

async function loadProgram(file: string): Promise<ReadConfig> {
  const { runConfig } = await import('./program.ts');
  const result = await runConfig(file);
  if (!result.ok) return { diagnostics: [result.error] };
  return { value: result.value, source: sourceWithoutPlaces(file), diagnostics: [] };
}
