import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostic.ts';
import type { Span } from '../core/span.ts';
import { didYouMean, grouped, parseBytes, sizeText } from '../core/text.ts';
import { findCheckout, resolveCheckout, type Survey, survey } from '../esp-at/checkout.ts';
import { readIdfVersion } from '../esp-at/idf-version.ts';
import { kindOf } from '../formats/format.ts';
import type { FormatName } from '../formats/index.ts';
import type { NvsProfile } from '../formats/nvs/model.ts';
import { checkFlashSize, checkRows } from '../formats/partition-table-checks.ts';
import type { FlashSettings, Partition, Resolved } from '../plan/project.ts';
import type { Config, PartitionConfig } from './generated/config.ts';
import type { LoadedConfig } from './load.ts';
import { checkSettings } from './resolve-checks.ts';
import { type NvsContext, nvsPlanOf, sourcesOf } from './resolve-nvs.ts';

/** What the command line says on top of the config. */
export interface Overrides {
  readonly module?: string;
  /** Absolute. */
  readonly table?: string;
  readonly profile?: NvsProfile;
}

/**
 * Makes a project of a validated config: defaults filled in, units turned into bytes, paths made absolute. Where the
 * config names a partition table or a module, offsets and sizes may come from there, and must agree where both speak.
 */
export function resolveConfig(loaded: LoadedConfig, overrides: Overrides): Resolved {
  const { value: config, folder } = loaded;
  const table = overrides.table ?? (config.partitionTable && resolve(folder, config.partitionTable));
  const module = overrides.module ?? config.module;
  const context: Context = {
    loaded,
    ...(module && { asked: module }),
    ...(overrides.profile && { profile: overrides.profile }),
    outDir: resolve(folder, config.outDir ?? 'build/customized_partitions'),
    rawData: resolve(folder, config.rawData ?? '.'),
    diagnostics: [],
  };
  if (config.partitions === undefined)
    return ofCheckout(context, { ...overrides, ...(table && { table }), ...(module && { module }) });
  if (table === undefined && module === undefined) return ofPartitions(config.partitions, context, undefined);

  const found = survey({
    root: findCheckout(folder)?.root ?? folder,
    ...(module && { module }),
    ...(table && { table }),
    ...(config.mainPartitionTable && { mainTable: resolve(folder, config.mainPartitionTable) }),
    outDir: context.outDir,
  });
  if (found.survey === undefined) return { diagnostics: found.diagnostics };
  context.diagnostics.push(...found.diagnostics);
  return ofPartitions(config.partitions, context, found.survey);
}

interface Context extends Pick<NvsContext, 'asked' | 'profile'> {
  readonly loaded: LoadedConfig;
  /** Absolute, like `rawData`. */
  readonly outDir: string;
  readonly rawData: string;
  readonly diagnostics: Diagnostic[];
}

/** A config that names no partitions adjusts what the checkout around it says. */
function ofCheckout(context: Context, { table, module, profile }: Overrides): Resolved {
  const { value: config, folder, file, source } = context.loaded;
  const checkout = findCheckout(folder);
  if (checkout === undefined) {
    const details = {
      place: source.place([]),
      hint: 'list them under "partitions", or put the config into an esp-at checkout',
    };
    return {
      diagnostics: [
        diagnostic(
          'config-missing',
          'the config names no partitions, and there is no esp-at checkout around it',
          details,
        ),
      ],
    };
  }
  const { project, diagnostics } = resolveCheckout({
    root: checkout.root,
    ...(module && { module }),
    ...(table && { table }),
    ...((profile ?? config.profile) && { profile: profile ?? config.profile }),
    ...(config.compat && { naming: config.compat }),
    ...(config.mainPartitionTable && { mainTable: resolve(folder, config.mainPartitionTable) }),
    ...(config.outDir && { outDir: context.outDir }),
    ...(config.rawData && { rawData: context.rawData }),
    ...(config.order && { order: config.order }),
    headroom: (size) => headroomIn(config.headroom, size),
  });
  if (project === undefined) return { diagnostics };
  const problems = [...diagnostics];
  const checks = checkSettings(context.loaded, project.checks.release, problems);
  const flash = { ...project.flash, ...flashOf(config) };
  return { project: { ...project, configFile: file, flash, checks }, diagnostics: problems };
}

function ofPartitions(
  partitions: NonNullable<Config['partitions']>,
  context: Context,
  found: Survey | undefined,
): Resolved {
  const { loaded, outDir, diagnostics } = context;
  const { value: config, folder, file } = loaded;
  const resolved = Object.entries(partitions).flatMap(
    ([name, partition]) => resolvePartition(name, partition, context, found) ?? [],
  );
  diagnostics.push(...checkFiles(resolved, context, found));
  const flash = { ...found?.flash, ...flashOf(config) };
  if (found === undefined) {
    const spans = resolved.flatMap((one) => spanOf(one, loaded) ?? []);
    diagnostics.push(...checkRows(spans));
    if (flash.size !== undefined) diagnostics.push(...checkFlashSize(spans, flash.size));
  }
  const project = {
    root: folder,
    configFile: file,
    ...(found?.module && { module: found.module.name }),
    outDir,
    partitions: resolved,
    ...(found && { table: found.table }),
    occupied: found?.occupied ?? [],
    flash,
    checks: checkSettings(loaded, releaseOf(found), diagnostics),
    skipped: [],
    leftAlone: [],
  };
  return { project, diagnostics };
}

const at = (loaded: LoadedConfig, name: string, property?: string, what: 'key' | 'value' = 'value'): Place =>
  loaded.source.place(property === undefined ? ['partitions', name] : ['partitions', name, property], what);

function resolvePartition(
  name: string,
  config: PartitionConfig,
  context: Context,
  found: Survey | undefined,
): Partition | undefined {
  const { loaded, outDir, diagnostics } = context;
  const { value: whole } = loaded;
  const row = found && rowOf(name, found);
  const key = at(loaded, name, undefined, 'key');
  const missing = (message: string, hint: string): void => {
    diagnostics.push(diagnostic('config-missing', message, { place: key, partition: name, hint }));
  };
  if (found !== undefined && row === undefined) {
    const names = found.table.entries.map((entry) => entry.name);
    const message = `${name} is not in ${basename(found.table.csv)}: the firmware would not find it`;
    const hint = didYouMean(name, names) ?? `it has ${names.join(', ')}`;
    diagnostics.push(diagnostic('config-conflict', message, { place: key, partition: name, hint }));
    return undefined;
  }
  const format = config.format ?? (config.namespaces ? 'nvs' : 'atpki');
  const content = contentOf(name, { ...config, format }, context, found);
  const offset = agreed(name, 'offset', config.offset, row?.offset, context, found);
  const size = agreed(name, 'size', config.size, row?.size, context, found);
  if (size === undefined) missing(`${name} has no size`, 'add "size": "8K" or the like, or name a "partitionTable"');
  if (offset === undefined && whole.flash !== undefined) {
    missing(
      `${name} has no offset, and this config flashes`,
      'add "offset": "0x2e000" or the like, or name a "partitionTable"',
    );
  }
  if (content === undefined || size === undefined) return undefined;
  const headroom = headroomIn(config.headroom ?? whole.headroom, size);
  return {
    name,
    format,
    file: join(outDir, config.file ?? `${name}.bin`),
    ...(offset !== undefined && { offset }),
    size,
    ...content,
    ...(config.nul && { nul: true }),
    ...(headroom > 0 && { headroom }),
    place: key,
  };
}

/** What goes into a partition: files, or the namespaces of an NVS image. Undefined where nothing says it. */
function contentOf(
  name: string,
  config: PartitionConfig & { readonly format: FormatName },
  context: Context,
  found: Survey | undefined,
): Pick<Partition, 'sources' | 'nvs'> | undefined {
  const { loaded, rawData } = context;
  const { files, format, namespaces } = config;
  const wrong = (property: keyof PartitionConfig, message: string, hint: string): void => {
    const place = at(loaded, name, property, 'key');
    context.diagnostics.push(diagnostic('config-conflict', message, { place, partition: name, hint }));
  };
  if (format === 'nvs') {
    if (files !== undefined) wrong('files', 'an NVS image has its files in namespaces', 'move them into "namespaces"');
    const nvs = nvsPlanOf(name, config, { ...context, found });
    return nvs && { sources: [], nvs };
  }
  if (namespaces !== undefined) wrong('namespaces', `only an NVS image has namespaces, not ${format}`, 'drop "format"');
  const kind = config.type ?? kindOf(name) ?? (format === 'raw' ? 'data' : undefined);
  if (kind === undefined) {
    const place = at(loaded, name, undefined, 'key');
    const hint = 'add "type": "ca", "cert" or "key" (a name ending in _ca, _cert or _key says it, too)';
    context.diagnostics.push(
      diagnostic('config-missing', `${name} does not say what it holds`, { place, partition: name, hint }),
    );
    return undefined;
  }
  const order = config.order ?? loaded.value.order ?? 'name';
  const sources = sourcesOf(files ?? name, { kind, base: rawData, order }, (index) =>
    files === undefined
      ? at(loaded, name, undefined, 'key')
      : loaded.source.place(['partitions', name, 'files', ...(index === undefined ? [] : [index])]),
  );
  return { sources };
}

/** The row of a partition: in the customized table, or in the firmware's own. */
const rowOf = (name: string, { table, occupied }: Survey): Span | undefined =>
  table.entries.find((entry) => entry.name === name) ?? occupied.find((entry) => entry.name === name);

/** What config and table say of an offset or size, in bytes; a contradiction is a diagnostic, and the config's is kept. */
function agreed(
  name: string,
  property: 'offset' | 'size',
  written: string | number | undefined,
  inTable: number | undefined,
  { loaded, diagnostics }: Context,
  found: Survey | undefined,
): number | undefined {
  const bytes = written === undefined ? undefined : parseBytes(String(written));
  if (bytes === undefined || inTable === undefined || bytes === inTable) return bytes ?? inTable;
  const text = property === 'offset' ? hex : (value: number) => `${grouped(value)} (${sizeText(value)})`;
  const message = `the ${property} of ${name} is ${text(bytes)} here and ${text(inTable)} in ${basename(found?.table.csv ?? '')}`;
  const details = {
    place: at(loaded, name, property),
    partition: name,
    hint: `leave "${property}" out to take the table's`,
  };
  diagnostics.push(diagnostic('config-conflict', message, details));
  return bytes;
}

/** The release of ESP-AT that a module's ESP-IDF belongs to. */
const releaseOf = (found: Survey | undefined): string | undefined => readIdfVersion(found?.module?.folder, []).release;

/** Every image has a file of its own, and none leaves the output folder. */
function checkFiles(
  partitions: readonly Partition[],
  { loaded, outDir }: Context,
  found: Survey | undefined,
): Diagnostic[] {
  const owners = new Map(['flash_args', 'flasher_args.json'].map((file) => [join(outDir, file), 'at-pki itself']));
  if (found) owners.set(found.table.file, 'the partition table');
  return partitions.flatMap(({ name, file }) => {
    const place =
      loaded.value.partitions?.[name]?.file === undefined
        ? at(loaded, name, undefined, 'key')
        : at(loaded, name, 'file');
    const owner = owners.get(file);
    owners.set(file, name);
    const path = relative(outDir, file);
    if (isAbsolute(path) || path.split(sep)[0] === '..') {
      const message = `the file of ${name} leads out of the output folder`;
      return [diagnostic('config-value', message, { place, partition: name, hint: 'set "outDir" for another folder' })];
    }
    if (owner === undefined) return [];
    const message = `${path} is written by ${owner} already`;
    return [diagnostic('config-value', message, { place, partition: name, hint: 'give one of them another "file"' })];
  });
}

/** A partition of the config as a row for the checks of tables; without an offset there is nothing to check. */
function spanOf(
  { name, offset, size }: Partition,
  loaded: LoadedConfig,
): (Span & { fields: Record<string, Place> }) | undefined {
  if (offset === undefined) return undefined;
  const config = loaded.value.partitions?.[name];
  const key = at(loaded, name, undefined, 'key');
  const fields = {
    name: key,
    offset: config?.offset === undefined ? key : at(loaded, name, 'offset'),
    size: config?.size === undefined ? key : at(loaded, name, 'size'),
  };
  return { name, offset, size, place: key, fields };
}

/** Bytes of a headroom, which may be a share of the size: `"10%"`. */
function headroomIn(headroom: string | number | undefined, size: number): number {
  if (headroom === undefined) return 0;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(String(headroom))?.[1];
  return percent === undefined ? (parseBytes(String(headroom)) ?? 0) : Math.ceil((size * Number(percent)) / 100);
}

function flashOf({ chip, flashSize, flash }: Config): FlashSettings {
  const size = flashSize === undefined ? undefined : parseBytes(String(flashSize));
  return {
    ...(chip && { chip }),
    ...(size !== undefined && { size }),
    ...(flash?.mode && { mode: flash.mode }),
    ...(flash?.frequency && { frequency: flash.frequency }),
  };
}
