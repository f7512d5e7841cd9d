import { join, resolve } from 'node:path';
import type {
  BleDataConfig,
  FactoryParamConfig,
  NamespaceConfig,
  PartitionConfig,
} from '../../config/generated/config.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { Path } from '../../config/source.ts';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { didYouMean, joined } from '../../core/text.ts';
import { bleNamespace, factoryNamespace } from '../../firmware/slots.ts';
import { kindOf } from '../../formats/format.ts';
import { sourceOf } from '../../formats/nvs/content.ts';
import { valueFrom } from '../../formats/nvs/csv-value.ts';
import type { NvsProfile, NvsWriting } from '../../formats/nvs/model.ts';
import type { Content, NamespacePlan, Naming, ValuePlan } from '../../sources/partition.ts';
import { bleEntries } from '../ble-data.ts';
import { type FactoryModule, factoryEntries, readFactoryModules } from '../factory-param.ts';
import { findCheckout, rawDataOrigins, type Survey } from '../from-checkout/checkout.ts';
import { readDependencies } from '../from-checkout/dependency.ts';
import { chooseFactoryModule } from '../from-checkout/factory-module.ts';
import { rawDataOf, readIfAny, textIn } from '../from-checkout/files.ts';
import { readIdfVersion } from '../from-checkout/idf-version.ts';
import { planMfgNvs } from '../from-checkout/mfg-nvs.ts';
import { sourcesOf } from './sources.ts';

export interface NvsContext {
  readonly loaded: LoadedConfig;
  /** Absolute. */
  readonly rawData: string;
  /** What --module or the config names. */
  readonly asked?: string;
  /** From the command line: stronger than the config. */
  readonly profile?: NvsProfile;
  readonly found: Survey | undefined;
  readonly diagnostics: Problems;
}

/** What an NVS image of the config is made of; undefined where nothing says it. */
export function nvsContentOf(name: string, config: PartitionConfig, context: NvsContext): Content | undefined {
  const { loaded, found, diagnostics } = context;
  const { value: whole } = loaded;
  const { version } = config;
  const profile = context.profile ?? config.profile ?? whole.profile;
  const naming = config.compat ?? whole.compat;
  if (config.namespaces === undefined) return planOfCheckout(name, context, { profile, version, naming });
  const namespaces = Object.entries(config.namespaces).map(([namespace, declared = {}]) => {
    const path = ['partitions', name, 'namespaces', namespace];
    if (namespace === factoryNamespace) return factoryParam(declared as FactoryParamConfig, path, context);
    if (namespace === bleNamespace) return bleData(declared as BleDataConfig, path, context);
    return { ...namespaceOf(namespace, declared as NamespaceConfig, path, context), naming };
  });
  const settings: NvsWriting = {
    profile: profile ?? readIdfVersion(found?.module?.folder, diagnostics).profile,
    version,
  };
  return { sources: [], namespaces, settings };
}

/** Files and folders that say what is in an NVS image, besides the config and sources. */
export function nvsOrigins(
  { namespaces }: PartitionConfig,
  { loaded, rawData }: Pick<NvsContext, 'loaded' | 'rawData'>,
): string[] {
  if (namespaces !== undefined) {
    const ble = namespaces[bleNamespace] as BleDataConfig | undefined;
    return [join(rawData, factoryNamespace), ...(ble ? [join(rawData, ble.csv ?? defaultServices)] : [])];
  }
  const checkout = findCheckout(loaded.folder);
  return checkout ? rawDataOrigins(loaded.value.rawData === undefined ? rawDataOf(checkout.root) : rawData) : [];
}

/** Without namespaces the image is that of the checkout around the config. */
function planOfCheckout(
  name: string,
  { loaded, asked, found, diagnostics }: NvsContext,
  settings: NvsWriting & { readonly naming?: Naming },
): Content | undefined {
  const checkout = findCheckout(loaded.folder);
  if (checkout !== undefined) {
    const { rawData } = loaded.value;
    return planMfgNvs(
      {
        root: checkout.root,
        rawData: rawData === undefined ? rawDataOf(checkout.root) : resolve(loaded.folder, rawData),
        dependencies: readDependencies(checkout.root, diagnostics),
        order: loaded.value.order,
        asked,
        module: found?.module,
        sdkconfig: found?.sdkconfig,
        ...settings,
      },
      diagnostics,
    );
  }
  const place = loaded.source.place(['partitions', name], 'key');
  const hint = 'add "namespaces": { "client_ca": {}, … }';
  const message = `${name} does not say what it holds, and there is no esp-at checkout around the config`;
  diagnostics.add(diagnostic('config-missing', message, { place, partition: name, hint }));
  return undefined;
}

function namespaceOf(name: string, config: NamespaceConfig, path: Path, context: NvsContext): NamespacePlan {
  const { loaded, rawData } = context;
  const values = valuesOf(name, config, path, context);
  // A namespace of values alone has no folder.
  const files = config.files ?? (config.values ? [] : name);
  const order = config.order ?? loaded.value.order ?? 'name';
  const kind = config.type ?? kindOf(name) ?? 'data';
  const sources = sourcesOf(files, { kind, base: rawData, folder: loaded.folder, order }, (index) =>
    config.files === undefined
      ? loaded.source.place(path, 'key')
      : loaded.source.place([...path, 'files', ...(index === undefined ? [] : [index])]),
  );
  if (sources.length === 0) context.diagnostics.addAll(forFiles(name, config, path, loaded));
  return { name, kind, sources, nul: config.nul ?? false, values, place: loaded.source.place(path, 'key') };
}

/** Finds settings for files in a namespace that has no files. */
function forFiles(name: string, config: NamespaceConfig, path: Path, { source }: LoadedConfig): Diagnostic[] {
  return (['nul', 'order', 'normalize'] as const).flatMap((property) => {
    if (config[property] === undefined || config[property] === false) return [];
    const message = `"${property}" is for files, and ${name} has values alone`;
    const place = source.place([...path, property], 'key');
    return [diagnostic('config-conflict', message, { place, hint: 'leave it out, or add "files"' })];
  });
}

function valuesOf(namespace: string, { values = {} }: NamespaceConfig, path: Path, context: NvsContext): ValuePlan[] {
  return Object.entries(values).flatMap(([key, { encoding, value }]): ValuePlan[] => {
    const read = valueFrom(String(value), encoding);
    const place = context.loaded.source.place([...path, 'values', key, 'value']);
    // The value may be secret: what is found of it later does not show its line.
    const { text: _, ...where } = place;
    if (read.ok) return [{ ...sourceOf({ namespace, key, ...read.value }), place: where }];
    const { message, hint } = read.error;
    context.diagnostics.add(diagnostic('config-value', message, { place, hint }));
    return [];
  });
}

function factoryParam(config: FactoryParamConfig, path: Path, context: NvsContext): NamespacePlan {
  const { loaded, rawData, diagnostics } = context;
  const place = loaded.source.place(path, 'key');
  const { module: _, platform: __, ...overrides } = config;
  const module = factoryModule(config, path, context);
  const texts = new Map(Object.entries(overrides).map(([key, value]) => [key, String(value)]));
  const values = module === undefined ? [] : factoryEntries(rawData, module, texts, diagnostics).map(sourceOf);
  return { name: factoryNamespace, sources: [], nul: false, values, place };
}

function factoryModule(config: FactoryParamConfig, path: Path, context: NvsContext): FactoryModule | undefined {
  const { loaded, rawData, asked, found, diagnostics } = context;
  if (config.module === undefined) {
    const root = findCheckout(loaded.folder)?.root ?? loaded.folder;
    const request = { root, rawData, asked, module: found?.module };
    return chooseFactoryModule(request, diagnostics);
  }
  const rows = readFactoryModules(rawData, diagnostics);
  const same = (a: string, b: string) => a.toUpperCase() === b.toUpperCase().replace(/^(?!PLATFORM_)/, 'PLATFORM_');
  const named = rows.filter(({ name }) => name === config.module?.toUpperCase());
  const matching = named.filter(({ platform }) => config.platform === undefined || same(platform, config.platform));
  const [only, ...others] = matching;
  if (only !== undefined && others.length === 0) return only;
  const place = loaded.source.place([...path, 'module']);
  const platforms = joined(matching.map(({ platform }) => platform));
  const [message, hint] =
    only === undefined
      ? [
          `factory_param_data.csv has no module "${config.module}"${config.platform ? ` of ${config.platform}` : ''}`,
          didYouMean(
            config.module,
            rows.map(({ name }) => name),
          ) ?? (rows.length === 0 ? 'it has no module at all' : `it has ${joined(rows.map(({ name }) => name))}`),
        ]
      : [`"${config.module}" is a module of ${platforms}`, 'say which with "platform"'];
  diagnostics.add(diagnostic('config-value', message, { place, hint }));
  return undefined;
}

const defaultServices = 'ble_data/gatts_data.csv';

function bleData({ csv = defaultServices }: BleDataConfig, path: Path, context: NvsContext): NamespacePlan {
  const { loaded, rawData, diagnostics } = context;
  const file = join(rawData, csv);
  const bytes = readIfAny(file, diagnostics);
  const place = loaded.source.place(path, 'key');
  if (bytes === undefined) {
    const hint = `looked for ${file}`;
    diagnostics.add(diagnostic('source-missing', `${csv} does not exist`, { place, hint }));
  }
  const values = bytes ? bleEntries(textIn(bytes), file, diagnostics).map(sourceOf) : [];
  return { name: bleNamespace, sources: [], nul: false, values, place };
}
