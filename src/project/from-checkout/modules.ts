import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Diagnostic, diagnostic, type Place } from '../../core/diagnostics/diagnostic.ts';
import { Problems } from '../../core/diagnostics/problems.ts';
import { largestOf } from '../../core/lists.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { didYouMean, sizeText } from '../../core/text.ts';
import { type FactoryModule, readFactoryModules } from '../factory-param.ts';
import { isFolder, rawDataOf, readIfAny, textIn } from './files.ts';
import { flashSettings } from './flash-settings.ts';
import { readSdkconfig } from './sdkconfig.ts';

/** A folder of module_config: tables and settings for one hardware module. */
export interface Module {
  /** Name of the folder, e.g. `module_esp32_default`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

export interface ModuleRequest {
  readonly root: string;
  /** What the user asked for: a folder of module_config, with or without `module_`, or a name of factory_param_data.csv. */
  readonly asked?: string;
  /** The partition table that is to be used, where that is known already. Absolute. */
  readonly table?: string;
}

/**
 * Finds the module that is meant: the one asked for, else the one that the checkout is configured for
 * (build/module_info.json), else the one whose folder holds the table, else the only one.
 * Undefined for a checkout without modules (v1.1, v1.2).
 */
export function resolveModule(request: ModuleRequest): Result<Module | undefined, Diagnostic> {
  const { root, asked, table } = request;
  const names = moduleNames(root);
  const moduleOf = (name: string): Module => ({ name, folder: join(root, 'module_config', name) });
  if (names.length === 0) {
    if (asked === undefined) return ok(undefined);
    const hint = 'leave out --module: its tables lie in the root';
    return fail(
      diagnostic('module-unknown', 'this checkout has no module_config and serves one module only', { hint }),
    );
  }
  const found = asked === undefined ? configuredModule(root, names) : askedModule(root, asked, names);
  if (!found.ok) return found;
  if (found.value !== undefined) return ok(moduleOf(found.value));
  const holder = names.find((name) => table !== undefined && dirname(table) === moduleOf(name).folder);
  const [first, ...others] = names;
  if (holder !== undefined) return ok(moduleOf(holder));
  if (first !== undefined && others.length === 0) return ok(moduleOf(first));
  const message = `this checkout has ${names.length} modules and nothing says which one is meant:`;
  const details = { lines: listOf(root, names), hint: howToName(names) };
  return fail(diagnostic('module-ambiguous', message, details));
}

/** The folders of module_config, in the order of their names. */
export function moduleNames(root: string): string[] {
  const folder = join(root, 'module_config');
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith('module_') && isFolder(join(folder, name)))
    .sort();
}

function askedModule(root: string, asked: string, names: readonly string[]): Result<string, Diagnostic> {
  const wanted = [asked, `module_${asked}`];
  const same = (name: string) => wanted.some((one) => one.toLowerCase() === name.toLowerCase());
  const folder = names.find((name) => wanted.includes(name)) ?? names.find(same);
  if (folder !== undefined) return ok(folder);

  const factory = factoryModules(root);
  const rows = factory.filter(({ name }) => name === asked.toUpperCase());
  const folders = [...new Set(rows.flatMap((row) => folderOf(row, names) ?? []))];
  const [only, ...others] = folders;
  if (only !== undefined && others.length === 0) return ok(only);
  if (only !== undefined) {
    const message = `"${asked}" is a module of ${rows.length} platforms, with ${folders.length} folders in module_config:`;
    const details = { lines: listOf(root, folders), hint: howToName(folders) };
    return fail(diagnostic('module-ambiguous', message, details));
  }
  const [row] = rows;
  if (row !== undefined) {
    const reason = `"${asked}" is a module of ${row.platform}, for which this checkout has no folder; it has:`;
    const details = { lines: listOf(root, names), hint: howToName(names) };
    return fail(diagnostic('module-unknown', reason, details));
  }
  const served = factory.filter((one) => folderOf(one, names) !== undefined).map(({ name }) => name);
  const candidates = [...names.flatMap((name) => [name.replace(/^module_/, ''), name]), ...served];
  const hint = didYouMean(asked, candidates) ?? howToName(names);
  const reason = `this checkout has no module "${asked}"; it has:`;
  return fail(diagnostic('module-unknown', reason, { lines: listOf(root, names), hint }));
}

/** Which hardware the checkout is configured for. */
export type ModuleInfo = Pick<FactoryModule, 'platform' | 'name'>;

/** The module that build.py or idf.py was last configured for; undefined where it was not yet. */
function configuredModule(root: string, names: readonly string[]): Result<string | undefined, Diagnostic> {
  const file = join(root, 'build', 'module_info.json');
  const problems = new Problems();
  const bytes = readIfAny(file, problems);
  const [unreadable] = problems.all;
  if (unreadable !== undefined) return fail(unreadable);
  if (bytes === undefined) return ok(undefined);
  const place: Place = { file };
  const info = moduleInfo(textIn(bytes));
  if (info === undefined) {
    const message = 'module_info.json is not of the form {"platform": "PLATFORM_ESP32C3", "module": "MINI-1"}';
    const hint = 'configure the checkout again with build.py, or name the module with --module';
    return fail(diagnostic('checkout-file', message, { place, hint }));
  }
  const folder = folderOf(info, names);
  if (folder !== undefined) return ok(folder);
  const message = `module_info.json says ${info.name} of ${info.platform}, for which this checkout has no folder; it has:`;
  const details = { place, lines: listOf(root, names), hint: howToName(names) };
  return fail(diagnostic('module-unknown', message, details));
}

/** The hardware that the checkout is configured for, where that is known. */
export function readModuleInfo(root: string): ModuleInfo | undefined {
  const bytes = readIfAny(join(root, 'build', 'module_info.json'), new Problems());
  return bytes === undefined ? undefined : moduleInfo(textIn(bytes));
}

function moduleInfo(text: string): ModuleInfo | undefined {
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof info !== 'object' || info === null || !('platform' in info) || !('module' in info)) return undefined;
  const { platform, module } = info;
  if (typeof platform !== 'string' || typeof module !== 'string') return undefined;
  return { platform: platform.trim(), name: module.trim() };
}

/** The firmware's own rule (CMakeLists.txt of esp-at): a folder of the module's name, else the platform's default. */
export function folderOf({ platform, name }: ModuleInfo, names: readonly string[]): string | undefined {
  const own = `module_${name.toLowerCase()}`;
  const common = `module_${platform.toLowerCase().replace(/^platform_/, '')}_default`;
  return names.find((name) => name === own) ?? names.find((name) => name === common);
}

/** Only to understand a name: a file that cannot be read leaves the name unknown. */
const factoryModules = (root: string): FactoryModule[] => readFactoryModules(rawDataOf(root), new Problems());

/** `  module_esp32-d2wd     esp32    2M`, a line for each module. */
function listOf(root: string, names: readonly string[]): string[] {
  const rows = names.map((name) => {
    const config = readSdkconfig(join(root, 'module_config', name, 'sdkconfig.defaults'), new Problems());
    const { chip = '', size } = config === undefined ? {} : flashSettings(config);
    return [name, chip, size === undefined ? '' : `${sizeText(size)}B`];
  });
  const widths = [0, 1].map((column) => largestOf(rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function howToName(names: readonly string[]): string {
  const example = names.find((name) => name === 'module_esp32_default') ?? names[0] ?? '';
  return `name it: --module ${example}`;
}
