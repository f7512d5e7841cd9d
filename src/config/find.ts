import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The property of a package.json that is a config. */
export const packageProperty = 'at-pki';

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

/** The configs in a folder, the preferred one first. */
export function configsIn(folder: string): string[] {
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
