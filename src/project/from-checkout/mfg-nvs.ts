import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { byCodePoint } from '../../core/text.ts';
import { bleNamespace, factoryNamespace, legacyName } from '../../firmware/slots.ts';
import { kindOf } from '../../formats/format.ts';
import { sourceOf } from '../../formats/nvs/content.ts';
import type { NvsVersion } from '../../formats/nvs/layout.ts';
import type { NvsEntry, NvsProfile, NvsWriting } from '../../formats/nvs/model.ts';
import type { Content, NamespacePlan, Naming, SourceSpec } from '../../sources/partition.ts';
import { bleEntries } from '../ble-data.ts';
import { factoryEntries } from '../factory-param.ts';
import { type Dependencies, reasonNotUsed } from './dependency.ts';
import { chooseFactoryModule } from './factory-module.ts';
import { isFolder, readIfAny, shown, textIn } from './files.ts';
import { readIdfVersion } from './idf-version.ts';
import type { Module } from './modules.ts';
import { isOn, type Sdkconfig } from './sdkconfig.ts';

/** The partition of ESP-AT v3.1 and later that holds certificates, factory parameters and BLE services. */
export const mfgNvs = 'mfg_nvs';

export interface MfgNvsRequest {
  /** The root of the checkout, absolute. */
  readonly root: string;
  /** The folder of sources, absolute. */
  readonly rawData: string;
  readonly module?: Module;
  /** What the user named with --module. */
  readonly asked?: string;
  readonly sdkconfig?: Sdkconfig;
  /** Absent where the checkout has no dependency file. */
  readonly dependencies?: Dependencies | undefined;
  readonly order?: SourceSpec['order'];
  /** Instead of the profile of the module's ESP-IDF. */
  readonly profile?: NvsProfile;
  readonly version?: NvsVersion;
  readonly naming?: Naming;
}

/**
 * What esp-at's own build puts into mfg_nvs (generation_tools/mfg_nvs.py), in its order: a namespace for each folder of
 * the dependency file whose option is on, then factory_param, then ble_data.
 */
export function planMfgNvs(request: MfgNvsRequest, problems: Problems): Content {
  const { root, rawData, sdkconfig, module } = request;
  if (sdkconfig === undefined) {
    const message = `there is no sdkconfig: everything in ${shown(root, rawData)} goes into ${mfgNvs}`;
    const hint = 'configure the checkout to build what its options ask for';
    problems.add(diagnostic('checkout-unconfigured', message, { place: { file: rawData }, hint }));
  }
  const isLegacy = sdkconfig !== undefined && isOn(sdkconfig, 'AT_EAP_LEGACY_NAMESPACE_SUPPORT');
  const namespaces = folders(request)
    .filter((name) => kindOf(name) !== undefined && isUsed(name, request) && isFolder(join(rawData, name)))
    .map((name) => certificates(isLegacy ? legacyName(name) : name, join(rawData, name), request));
  const factory = factoryParameters(request, problems);
  if (factory.length > 0) namespaces.push(values(factoryNamespace, factory));
  const ble = bleServices(request, problems);
  if (ble.length > 0) namespaces.push(values(bleNamespace, ble));
  const profile = request.profile ?? readIdfVersion(module?.folder, problems).profile;
  return { sources: [], namespaces, settings: { profile, version: request.version } satisfies NvsWriting };
}

/** The folders of raw data in the order of the image. */
function folders({ rawData, dependencies }: MfgNvsRequest): string[] {
  if (dependencies !== undefined) return [...dependencies.keys()];
  return isFolder(rawData) ? readdirSync(rawData).sort(byCodePoint) : [];
}

const isUsed = (name: string, { dependencies, sdkconfig }: MfgNvsRequest): boolean =>
  sdkconfig === undefined || dependencies === undefined || reasonNotUsed(name, dependencies, sdkconfig) === undefined;

function certificates(name: string, folder: string, { root, naming, order = 'name' }: MfgNvsRequest): NamespacePlan {
  const source = { kind: kindOf(name) ?? 'data', base: root, path: shown(root, folder), order } as const;
  return { name, sources: [source], naming, nul: false, values: [] };
}

const values = (name: string, entries: readonly NvsEntry[]): NamespacePlan => ({
  name,
  sources: [],
  nul: false,
  values: entries.map(sourceOf),
});

function factoryParameters(request: MfgNvsRequest, problems: Problems): NvsEntry[] {
  const folder = join(request.rawData, factoryNamespace);
  if (!isFolder(folder)) {
    const message = `there is no folder ${shown(request.root, folder)}: the image has no factory parameters`;
    const hint = 'flashing it over others loses the pins of the AT port: put the folder of the release back';
    problems.add(diagnostic('factory-missing', message, { place: { file: folder }, hint }));
    return [];
  }
  const module = chooseFactoryModule(request, problems);
  return module === undefined ? [] : factoryEntries(request.rawData, module, new Map(), problems);
}

function bleServices(request: MfgNvsRequest, problems: Problems): NvsEntry[] {
  if (!isUsed(bleNamespace, request)) return [];
  const file = join(request.rawData, bleNamespace, 'gatts_data.csv');
  const bytes = readIfAny(file, problems);
  return bytes === undefined ? [] : bleEntries(textIn(bytes), file, problems);
}
