import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Diagnostic, diagnostic, isError } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import type { Span } from '../../core/range.ts';
import { bleNamespace, factoryNamespace } from '../../firmware/slots.ts';
import type { NvsProfile } from '../../formats/nvs/model.ts';
import { checkFlashSize, checkInside, checkTable } from '../../partition-table/checks.ts';
import { readTable } from '../../partition-table/read.ts';
import type { Naming, SourceSpec } from '../../sources/partition.ts';
import {
  type CustomizedTable,
  type DeviceSettings,
  defaultChecks,
  type FlashSettings,
  type Project,
} from '../project.ts';
import { dependencyFiles } from './dependency.ts';
import { rawDataOf, readIfAny, shown } from './files.ts';
import { deviceSettings, flashSettings } from './flash-settings.ts';
import { readIdfVersion } from './idf-version.ts';
import { type Module, resolveModule } from './modules.ts';
import { choosePartitions } from './partitions.ts';
import { readSdkconfig, type Sdkconfig } from './sdkconfig.ts';
import {
  chooseTable,
  type MainTable,
  readMainTable,
  siteOfTable,
  type TableSites,
  tableOfSdkconfig,
} from './tables.ts';

/** A checkout of esp-at. */
export interface Checkout {
  /** Absolute. */
  readonly root: string;
}

/** The nearest folder upwards that is the root of an esp-at checkout. `folder` is absolute. */
export function findCheckout(folder: string): Checkout | undefined {
  for (let root = folder; ; root = dirname(root)) {
    const isCheckout =
      existsSync(join(root, 'components', 'customized_partitions')) &&
      // v1.1 and v1.2 serve one module, whose tables lie in the root.
      (existsSync(join(root, 'module_config')) || existsSync(join(root, 'at_customize.csv')));
    if (isCheckout) return { root };
    if (dirname(root) === root) return undefined;
  }
}

export interface SurveyRequest {
  /** The root of the checkout, absolute, like every path here; any folder where a table is given. */
  readonly root: string;
  /** A folder of module_config, with or without `module_`, or a module name of factory_param_data.csv. */
  readonly module?: string;
  /** A partition table to use instead of the checkout's. */
  readonly table?: string;
  /** The firmware's own partition table, where it is not the one that belongs to `table`. */
  readonly mainTable?: string;
  /** Where images are written; `build/customized_partitions` in the checkout if absent. */
  readonly outDir?: string;
}

/** What the tables and settings of a checkout say: where things are, not yet what is built. */
export interface Survey {
  readonly module?: Module;
  readonly sdkconfig?: Sdkconfig;
  readonly outDir: string;
  readonly table: CustomizedTable;
  /** The firmware's own partitions. */
  readonly occupied: readonly Span[];
  readonly flash: FlashSettings;
  readonly device: DeviceSettings;
  /** Files and folders that said all this, and those that would if they were there. */
  readonly origins: readonly string[];
}

/** Finds and reads the tables. Their own mistakes, overlaps and bounds are among the problems. */
export function survey(request: SurveyRequest, problems: Problems): Survey | undefined {
  const { root, table: given } = request;
  const sdkconfig = readSdkconfig(join(root, 'sdkconfig'), problems);
  const module = chooseModule(request, given ?? tableOfSdkconfig(root, sdkconfig), problems);
  if (module === 'unresolved' && given === undefined) return undefined;

  const sites: TableSites = {
    root,
    module: module !== undefined && module !== 'unresolved' ? module : undefined,
    sdkconfig,
    mainTable: request.mainTable,
  };
  const csv = given ?? chooseTable(sites, problems);
  if (csv === undefined) return undefined;
  const bytes = readTableFile(csv, problems);
  if (bytes === undefined) return undefined;

  const config = sdkconfig ?? (module === 'unresolved' ? undefined : readDefaults(root, module, problems));
  const flash = config === undefined ? {} : flashSettings(config);
  const main = readMainTable(sites, config, csv, problems);
  const { offset, region } = siteOfTable(root, main, config, problems);
  const { entries, diagnostics: mistakes } = readTable(bytes, csv, offset === undefined ? {} : { tableOffset: offset });
  problems.addAll([...mistakes, ...checkTable(entries)]);
  if (region !== undefined) problems.addAll(checkInside(entries, region, main?.entries ?? []));
  if (flash.size !== undefined) problems.addAll(checkFlashSize(entries, flash.size));

  const outDir = request.outDir ?? join(root, 'build', 'customized_partitions');
  const table = {
    csv,
    entries,
    file: join(outDir, `${basename(csv).replace(/\.[^.]*$/, '')}.bin`),
    offset,
    region,
  };
  const occupied = main?.entries.filter((entry) => entry !== region) ?? [];
  const { module: known } = sites;
  return {
    module: known,
    sdkconfig,
    ...{ outDir, table, occupied, flash },
    device: config === undefined ? {} : deviceSettings(config),
    origins: [...originsOf(root), ...(known ? [known.folder] : []), ...tableFiles(csv, main)],
  };
}

/** What a checkout says of itself whatever module and table are chosen: files and folders, there or not. */
export const originsOf = (root: string): string[] =>
  [
    ...['sdkconfig', 'sdkconfig.defaults', 'at_customize.csv', 'partitions_at.csv', 'module_config'],
    ...['build/module_info.json', ...dependencyFiles.map((name) => `components/customized_partitions/${name}`)],
  ].map((path) => join(root, path));

const tableFiles = (csv: string, main: MainTable | undefined): string[] => [
  csv,
  main?.file ?? join(dirname(csv), 'partitions_at.csv'),
];

/** Folders of raw data that are no sources: the names in the first decide what is built. */
export const rawDataOrigins = (rawData: string): string[] =>
  ['', factoryNamespace, bleNamespace].map((name) => join(rawData, name));

export interface CheckoutRequest extends SurveyRequest {
  /** The folder of sources; components/customized_partitions/raw_data if absent. */
  readonly rawData?: string;
  readonly order?: SourceSpec['order'];
  /** Free bytes to warn below, by the size of the partition. */
  readonly headroom?: (size: number) => number;
  /** How an NVS image is written, where the module's ESP-IDF is not to say it. */
  readonly profile?: NvsProfile;
  /** How the keys of an NVS image are named. */
  readonly naming?: Naming;
}

/** What is to be built in a checkout, from its own files. */
export function resolveCheckout(request: CheckoutRequest, problems: Problems): Project | undefined {
  const { root, module: asked, table: _, ...settings } = request;
  const found = survey(request, problems);
  if (found === undefined) return undefined;
  const { module, sdkconfig, table } = found;
  const chosen = choosePartitions(
    {
      ...settings,
      root,
      asked,
      module,
      sdkconfig,
      outDir: found.outDir,
      entries: table.entries,
    },
    problems,
  );
  if (chosen.partitions.length + chosen.skipped.length === 0 && !problems.all.some(isError)) {
    problems.add(whyNothing(shown(root, table.csv), table.csv));
  }
  const { outDir, occupied, flash, device } = found;
  const { release, mbedTls } = readIdfVersion(module?.folder, problems);
  return {
    root,
    module: module?.name,
    outDir,
    ...chosen,
    table,
    occupied,
    flash,
    device,
    hooks: {},
    checks: { ...defaultChecks, release, mbedTls },
    origins: [...found.origins, ...rawDataOrigins(request.rawData ?? rawDataOf(root))],
  };
}

function readTableFile(csv: string, problems: Problems): Uint8Array | undefined {
  const before = problems.all.length;
  const bytes = readIfAny(csv, problems);
  if (bytes === undefined && problems.all.length === before) {
    const hint = 'see what --table or "partitionTable" names';
    problems.add(diagnostic('checkout-file', 'there is no such partition table', { place: { file: csv }, hint }));
  }
  return bytes;
}

/** With a table given, the module only adds what is known of chip and flash: not to know it is no error. */
function chooseModule(
  request: SurveyRequest,
  table: string | undefined,
  problems: Problems,
): Module | undefined | 'unresolved' {
  const { root, module: asked } = request;
  const found = resolveModule({
    root,
    asked,
    table,
  });
  if (found.ok) return found.value;
  const isOptional = request.table !== undefined;
  if (!isOptional) problems.add(found.error);
  // What the user asked for, or a file says, and cannot be followed is worth a warning all the same.
  else if (asked !== undefined || found.error.place !== undefined) {
    problems.add({ ...found.error, severity: 'warning' });
  }
  return 'unresolved';
}

/** The settings that a build without sdkconfig would start from. */
const readDefaults = (root: string, module: Module | undefined, problems: Problems): Sdkconfig | undefined =>
  readSdkconfig(join(module?.folder ?? root, 'sdkconfig.defaults'), problems);

function whyNothing(name: string, file: string): Diagnostic {
  const message = `${name} has no partition for certificates: none is mfg_nvs or ends in _ca, _cert or _key`;
  return diagnostic('nothing-to-build', message, { place: { file } });
}
