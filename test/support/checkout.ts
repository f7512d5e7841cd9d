import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problems } from '../../src/core/diagnostics/problems.ts';
import { type CheckoutRequest, resolveCheckout } from '../../src/project/from-checkout/checkout.ts';
import type { Resolved } from '../../src/project/project.ts';
import { type Cleanup, scratch } from './scratch.ts';

/** Files by path; a path that ends in `/` is an empty folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A small flash of our own: 1 MiB, certificates from 0x40000 on. */
export const mainTable = [
  'nvs,data,nvs,0x10000,32K',
  'at_customize,0x40,0,0x40000,128K',
  'app,app,factory,0x60000,512K',
  '',
].join('\n');
export const customTable = [
  '# Name, Type, SubType, Offset, Size',
  'ble_data,    0x40, 1, 0x41000, 4K',
  'client_ca,   0x40, 2, 0x42000, 8K',
  'client_cert, 0x40, 3, 0x44000, 8K',
  'client_key,  0x40, 4, 0x46000, 8K',
  'mqtt_ca,     0x40, 5, 0x48000, 4K',
  '',
].join('\n');
export const defaults = ['CONFIG_IDF_TARGET="esp32"', 'CONFIG_ESPTOOLPY_FLASHSIZE_1MB=y', ''].join('\n');
export const dependencies = [
  'AT_BLE_COMMAND_SUPPORT=y ble_data',
  'AT_CLIENT=y client_ca',
  'AT_CLIENT=y client_cert',
  'AT_CLIENT=y client_key',
  'AT_MQTT=y mqtt_ca',
  '',
].join('\n');

const component = 'components/customized_partitions';

/** The folders of raw_data, without files. */
export const rawData = (...names: readonly string[]): Files =>
  Object.fromEntries(names.map((name) => [`${component}/raw_data/${name}/`, '']));

/** A folder of module_config with both tables and its defaults. */
export function module(name: string, files: Files = {}): Files {
  const all = {
    'at_customize.csv': customTable,
    'partitions_at.csv': mainTable,
    'sdkconfig.defaults': defaults,
    ...files,
  };
  return Object.fromEntries(Object.entries(all).map(([path, text]) => [`module_config/${name}/${path}`, text]));
}

const base: Files = {
  [`${component}/AT_partition_dependency`]: dependencies,
  ...rawData('client_ca', 'client_cert', 'client_key', 'mqtt_ca'),
};

/** Writes files below a folder. */
export function write(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(path.endsWith('/') ? file : dirname(file), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(file, text);
  }
}

/** A checkout of our own in a temporary folder: raw_data, the dependency file, and the files given. Returns its root. */
export function checkout(t: Cleanup, files: Files): string {
  const root = scratch(t);
  write(root, { ...base, ...files });
  return root;
}

/** A checkout as a build resolves it, with all that is found on the way. */
export function resolved(request: CheckoutRequest): Resolved {
  const problems = new Problems();
  const project = resolveCheckout(request, problems);
  return { project, diagnostics: problems.all };
}
