import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { sizeText } from '../core/text.ts';
import { readTable, type TableEntry } from '../formats/partition-table.ts';
import { checkFlashSize, checkInside, checkTable } from '../formats/partition-table-checks.ts';
import type { FlashSettings, Resolved } from '../plan/project.ts';
import { readIfAny, shown } from './files.ts';
import { flashSettings } from './flash-settings.ts';
import { type Module, resolveModule } from './modules.ts';
import { choosePartitions } from './partitions.ts';
import { type ConfigFile, readConfig } from './sdkconfig.ts';
import { chooseTable, readMainTable, siteOfTable, type TableSites, tableOfSdkconfig } from './tables.ts';

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

export interface CheckoutRequest {
  /** The root of the checkout, absolute. */
  readonly root: string;
  /** What relative paths of this request refer to; the root if absent. */
  readonly cwd?: string;
  /** A folder of module_config, with or without `module_`, or a module name of factory_param_data.csv. */
  readonly module?: string;
  /** A partition table to use instead of the checkout's. */
  readonly table?: string;
  /** Where images are written; `build/customized_partitions` in the checkout if absent. */
  readonly outDir?: string;
  /** Free bytes to warn below, by the size of the partition. */
  readonly headroom?: (size: number) => number;
}

/**
 * What is to be built in a checkout without a config, from its own files. The table's own mistakes, overlaps and
 * bounds are among the diagnostics.
 */
export function resolveCheckout(request: CheckoutRequest): Resolved {
  const { root, cwd = root, headroom } = request;
  const diagnostics: Diagnostic[] = [];
  const sdkconfig = readConfig(join(root, 'sdkconfig'), diagnostics);
  const given = request.table === undefined ? undefined : resolve(cwd, request.table);
  const module = chooseModule(request, given ?? tableOfSdkconfig(root, sdkconfig), diagnostics);
  if (module === 'unresolved' && given === undefined) return { diagnostics };

  const sites: TableSites = {
    root,
    ...(module === undefined || module === 'unresolved' ? {} : { module }),
    ...(sdkconfig !== undefined && { sdkconfig }),
  };
  const csv = given ?? chooseTable(sites, diagnostics);
  if (csv === undefined) return { diagnostics };
  const bytes = readIfAny(csv, diagnostics);
  if (bytes === undefined) {
    const message = 'there is no such partition table';
    const details = { place: { file: csv }, hint: 'see what --table names; it is relative to the working directory' };
    if (!diagnostics.some(({ place }) => place?.file === csv)) {
      diagnostics.push(diagnostic('checkout-file', message, details));
    }
    return { diagnostics };
  }

  const config = sdkconfig ?? (module === 'unresolved' ? undefined : readDefaults(root, module, diagnostics));
  const flash: FlashSettings = config === undefined ? {} : flashSettings(config.settings);
  const main = readMainTable(sites, config, csv, diagnostics);
  const { offset, region } = siteOfTable(root, main, config, diagnostics);
  const { entries, diagnostics: mistakes } = readTable(bytes, csv, offset === undefined ? {} : { tableOffset: offset });
  diagnostics.push(...mistakes, ...checkTable(entries));
  if (region !== undefined) diagnostics.push(...checkInside(entries, region, main?.entries ?? []));
  if (flash.size !== undefined) diagnostics.push(...checkFlashSize(entries, flash.size));

  const outDir =
    request.outDir === undefined ? join(root, 'build', 'customized_partitions') : resolve(cwd, request.outDir);
  const chosen = choosePartitions(
    {
      root,
      entries,
      outDir,
      ...(sdkconfig !== undefined && { sdkconfig }),
      ...(headroom !== undefined && { headroom }),
    },
    diagnostics,
  );
  if (chosen.partitions.length + chosen.skipped.length === 0 && mistakes.length === 0) {
    diagnostics.push(whyNothing(shown(root, csv), csv, entries));
  }
  const project = {
    root,
    ...(sites.module !== undefined && { module: sites.module.name }),
    outDir,
    ...chosen,
    table: {
      csv,
      entries,
      file: join(outDir, `${basename(csv).replace(/\.[^.]*$/, '')}.bin`),
      ...(offset !== undefined && { offset }),
      ...(region !== undefined && { region }),
    },
    occupied: main?.entries.filter((entry) => entry !== region) ?? [],
    flash,
  };
  return { project, diagnostics };
}

/** With a table given, the module only adds what is known of chip and flash: not to know it is no error. */
function chooseModule(
  request: CheckoutRequest,
  table: string | undefined,
  diagnostics: Diagnostic[],
): Module | undefined | 'unresolved' {
  const { root, module: asked } = request;
  const found = resolveModule({
    root,
    ...(asked !== undefined && { asked }),
    ...(table !== undefined && { table }),
  });
  if (found.ok) return found.value;
  const isOptional = request.table !== undefined;
  if (!isOptional) diagnostics.push(found.error);
  // What the user asked for, or a file says, and cannot be followed is worth a warning all the same.
  else if (asked !== undefined || found.error.place !== undefined) {
    diagnostics.push({ ...found.error, severity: 'warning' });
  }
  return 'unresolved';
}

/** The settings that a build without sdkconfig would start from. */
const readDefaults = (root: string, module: Module | undefined, diagnostics: Diagnostic[]): ConfigFile | undefined =>
  readConfig(join(module?.folder ?? root, 'sdkconfig.defaults'), diagnostics);

function whyNothing(name: string, file: string, entries: readonly TableEntry[]): Diagnostic {
  const image = entries.find((entry) => entry.name === 'mfg_nvs');
  if (image === undefined) {
    const message = `${name} has no partition for certificates: no name ends in _ca, _cert or _key`;
    return diagnostic('nothing-to-build', message, { place: { file } });
  }
  const where = `at ${hex(image.offset)}, ${sizeText(image.size)}`;
  const message = `this release keeps its certificates in mfg_nvs (${where}), an NVS image, which this version does not write yet`;
  return diagnostic('format-unavailable', message, { place: image.place ?? { file }, partition: image.name });
}
