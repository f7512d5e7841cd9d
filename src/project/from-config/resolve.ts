import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Config } from '../../config/generated/config.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { type Diagnostic, diagnostic, type Place } from '../../core/diagnostics/diagnostic.ts';
import { Problems } from '../../core/diagnostics/problems.ts';
import { given } from '../../core/given.ts';
import type { Span } from '../../core/range.ts';
import { parseBytes } from '../../core/text.ts';
import type { NvsProfile } from '../../formats/nvs/model.ts';
import { checkFlashSize, checkRows } from '../../partition-table/checks.ts';
import type { Partition } from '../../sources/partition.ts';
import { findCheckout, resolveCheckout, type Survey, survey } from '../from-checkout/checkout.ts';
import { readIdfVersion } from '../from-checkout/idf-version.ts';
import type { FlashSettings, Project } from '../project.ts';
import { checkSettings } from './checks.ts';
import { deviceOf, hooksOf } from './device.ts';
import { withNormalize } from './normalize.ts';
import { nvsOrigins } from './nvs.ts';
import { at, type Context, headroomIn, resolvePartition } from './partition.ts';

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
export function resolveConfig(loaded: LoadedConfig, overrides: Overrides, problems: Problems): Project | undefined {
  const project = resolveWhole(loaded, overrides, problems);
  return project && withNormalize(project, loaded.value);
}

function resolveWhole(loaded: LoadedConfig, overrides: Overrides, problems: Problems): Project | undefined {
  const { value: config, folder } = loaded;
  const table = overrides.table ?? (config.partitionTable && resolve(folder, config.partitionTable));
  const module = overrides.module ?? config.module;
  const context: Context = {
    loaded,
    asked: module,
    profile: overrides.profile,
    outDir: resolve(folder, config.outDir ?? 'build/customized_partitions'),
    rawData: resolve(folder, config.rawData ?? '.'),
    problems,
  };
  if (config.partitions === undefined) return ofCheckout(context, { ...overrides, table, module });
  if (table === undefined && module === undefined) return ofPartitions(config.partitions, context, undefined);

  const found = survey(
    {
      root: findCheckout(folder)?.root ?? folder,
      module,
      table,
      mainTable: config.mainPartitionTable ? resolve(folder, config.mainPartitionTable) : undefined,
      outDir: context.outDir,
    },
    problems,
  );
  return found && ofPartitions(config.partitions, context, found);
}

/** A config that names no partitions adjusts what the checkout around it says. */
function ofCheckout(context: Context, { table, module, profile }: Overrides): Project | undefined {
  const { loaded, problems } = context;
  const { value: config, folder, file, source } = loaded;
  const checkout = findCheckout(folder);
  if (checkout === undefined) {
    const details = {
      place: source.place([]),
      hint: 'list them under "partitions", or put the config into an esp-at checkout',
    };
    const message = 'the config names no partitions, and there is no esp-at checkout around it';
    problems.add(diagnostic('config-missing', message, details));
    return undefined;
  }
  const project = resolveCheckout(
    {
      root: checkout.root,
      module,
      table,
      profile: profile ?? config.profile,
      naming: config.compat,
      mainTable: config.mainPartitionTable ? resolve(folder, config.mainPartitionTable) : undefined,
      outDir: config.outDir ? context.outDir : undefined,
      rawData: config.rawData ? context.rawData : undefined,
      order: config.order,
      headroom: (size) => headroomIn(config.headroom, size),
    },
    problems,
  );
  if (project === undefined) return undefined;
  const checks = checkSettings(loaded, project.checks, problems);
  const flash = { ...project.flash, ...given(flashOf(config)) };
  const device = { ...project.device, ...given(deviceOf(loaded)) };
  return { ...project, configFile: file, flash, device, hooks: hooksOf(config), checks };
}

function ofPartitions(
  partitions: NonNullable<Config['partitions']>,
  context: Context,
  found: Survey | undefined,
): Project {
  const { loaded, outDir, problems } = context;
  const { value: config, folder, file } = loaded;
  const resolved = Object.entries(partitions).flatMap(
    ([name, partition]) => resolvePartition(name, partition, context, found) ?? [],
  );
  problems.addAll(checkFiles(resolved, context, found));
  const flash = { ...found?.flash, ...given(flashOf(config)) };
  if (found === undefined) {
    const spans = resolved.flatMap((partition) => spanOf(partition, loaded) ?? []);
    problems.addAll(checkRows(spans));
    if (flash.size !== undefined) problems.addAll(checkFlashSize(spans, flash.size));
  }
  return {
    root: folder,
    configFile: file,
    module: found?.module?.name,
    outDir,
    partitions: resolved,
    table: found?.table,
    occupied: found?.occupied ?? [],
    flash,
    device: { ...found?.device, ...given(deviceOf(loaded)) },
    hooks: hooksOf(config),
    checks: checkSettings(loaded, readIdfVersion(found?.module?.folder, new Problems()), problems),
    skipped: [],
    leftAlone: [],
    origins: [
      ...(found?.origins ?? []),
      ...resolved.flatMap(({ name, namespaces }) => (namespaces ? nvsOrigins(partitions[name] ?? {}, context) : [])),
    ],
  };
}

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

function flashOf({ chip, flashSize, flash }: Config): FlashSettings {
  const size = flashSize === undefined ? undefined : parseBytes(String(flashSize));
  return {
    chip,
    size,
    mode: flash?.mode,
    frequency: flash?.frequency,
  };
}
