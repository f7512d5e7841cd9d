import { dirname, join, resolve } from 'node:path';
import { hex } from '../../core/bytes.ts';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import type { Span } from '../../core/range.ts';
import { printable } from '../../core/text.ts';
import type { TableEntry } from '../../partition-table/model.ts';
import { readTable } from '../../partition-table/read.ts';
import { isFile, readIfAny, shown } from './files.ts';
import type { Module } from './modules.ts';
import { numberOf, type Sdkconfig, settingPlace, settingValue, textOf } from './sdkconfig.ts';

/** Where a checkout's tables may be named or lie. */
export interface TableSites {
  readonly root: string;
  readonly module?: Module;
  readonly sdkconfig?: Sdkconfig;
  /** The main table, where the user names one. */
  readonly mainTable?: string;
}

/** The customized table that sdkconfig names, absolute; undefined where it names none. */
export function tableOfSdkconfig(root: string, sdkconfig: Sdkconfig | undefined): string | undefined {
  const file = textOf(sdkconfig, 'AT_CUSTOMIZED_PARTITION_TABLE_FILE');
  return file === undefined ? undefined : resolve(root, file);
}

/** The customized table: the one that sdkconfig names, else the module's, else the root's. */
export function chooseTable({ root, module, sdkconfig }: TableSites, problems: Problems): string | undefined {
  const named = tableOfSdkconfig(root, sdkconfig);
  if (named === undefined || sdkconfig === undefined) {
    const folders = module === undefined ? [root] : [module.folder, root];
    const found = folders.map((folder) => join(folder, 'at_customize.csv')).find(isFile);
    if (found === undefined) {
      const [first = root] = folders;
      const details = { place: { file: join(first, 'at_customize.csv') }, hint: 'name a table with --table FILE' };
      problems.add(diagnostic('checkout-file', 'there is no at_customize.csv', details));
    }
    return found;
  }
  const place = settingPlace(sdkconfig, 'AT_CUSTOMIZED_PARTITION_TABLE_FILE');
  if (!isFile(named)) {
    const message = `sdkconfig names the table ${printable(shown(root, named))}, which does not exist`;
    problems.add(diagnostic('checkout-file', message, { place, hint: 'or name another with --table FILE' }));
    return undefined;
  }
  const folder = dirname(named);
  if (module !== undefined && folder !== module.folder && dirname(folder) === dirname(module.folder)) {
    const message = `the module is ${module.name}, but sdkconfig names the table ${printable(shown(root, named))}; sdkconfig is followed`;
    const hint = `delete sdkconfig and configure again for ${module.name}, or build for the other module`;
    problems.add(diagnostic('checkout-conflict', message, { place, hint }));
  }
  return named;
}

/** The firmware's own partition table, as far as it could be found. */
export interface MainTable {
  readonly file: string;
  readonly entries: readonly TableEntry[];
}

/** The main table: the one that sdkconfig names, else the one beside the customized table, else the module's, else the root's. */
export function readMainTable(
  sites: TableSites,
  config: Sdkconfig | undefined,
  table: string,
  problems: Problems,
): MainTable | undefined {
  const { root, module, sdkconfig } = sites;
  const file = sites.mainTable ?? mainTableOfSdkconfig(root, sdkconfig, problems) ?? mainTableNear(root, module, table);
  const bytes = file === undefined ? undefined : readIfAny(file, problems);
  if (file === undefined || bytes === undefined) return undefined;
  const tableOffset = numberOf(config, 'PARTITION_TABLE_OFFSET');
  const main = readTable(bytes, file, tableOffset === undefined ? {} : { tableOffset });
  problems.addAll(main.diagnostics);
  return { file, entries: main.entries };
}

function mainTableOfSdkconfig(root: string, sdkconfig: Sdkconfig | undefined, problems: Problems): string | undefined {
  const option = 'PARTITION_TABLE_CUSTOM_FILENAME';
  const name = textOf(sdkconfig, option);
  // Kconfig writes a default name even where one of ESP-IDF's own tables is chosen.
  const isUnused = settingValue(sdkconfig, 'PARTITION_TABLE_CUSTOM') === 'n';
  if (sdkconfig === undefined || name === undefined || isUnused) return undefined;
  const file = resolve(root, name);
  if (isFile(file)) return file;
  const message = `sdkconfig names the partition table ${printable(shown(root, file))}, which does not exist`;
  problems.add(diagnostic('checkout-file', message, { place: settingPlace(sdkconfig, option) }));
  return undefined;
}

function mainTableNear(root: string, module: Module | undefined, table: string): string | undefined {
  const folders = [dirname(table), ...(module === undefined ? [] : [module.folder]), root];
  return folders.map((folder) => join(folder, 'partitions_at.csv')).find(isFile);
}

export interface TableSite {
  /** Where the binary table goes, in bytes. */
  readonly offset?: number;
  /** The part of the flash that holds the table and its partitions. */
  readonly region?: Span;
}

/**
 * Where the customized table goes: the `at_customize` partition of the main table, in which the firmware looks for
 * it, and only without a main table the address at which esp-at's build would flash it.
 */
export function siteOfTable(
  root: string,
  main: MainTable | undefined,
  config: Sdkconfig | undefined,
  problems: Problems,
): TableSite {
  const option = 'AT_CUSTOMIZED_PARTITION_TABLE_OFFSET';
  const configured = numberOf(config, option);
  const region = main?.entries.find(({ name }) => name === 'at_customize');
  if (main !== undefined && region === undefined) {
    const message = `${shown(root, main.file)} has no partition at_customize: the firmware would not find its certificates`;
    problems.add(diagnostic('checkout-conflict', message, { place: { file: main.file } }));
  }
  if (region === undefined || main === undefined) return configured === undefined ? {} : { offset: configured };
  if (config !== undefined && configured !== undefined && configured !== region.offset) {
    const there = `${shown(root, main.file)} has at_customize at ${hex(region.offset)}`;
    const message = `${shown(root, config.file)} puts the table at ${hex(configured)}, but ${there}; the latter is followed`;
    const details = { place: settingPlace(config, option), hint: 'the firmware reads it there; make both the same' };
    problems.add(diagnostic('checkout-conflict', message, details));
  }
  return { offset: region.offset, region };
}
