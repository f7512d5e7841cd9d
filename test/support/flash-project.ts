import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTable } from '../../src/partition-table/binary.ts';
import type { TableEntry } from '../../src/partition-table/model.ts';
import { fixtures } from './paths.ts';

/** A project with a config and tables, and what a device of its kind holds before it is first flashed. */
export interface FlashProject {
  /** The folder of the config. */
  readonly folder: string;
  /** The start of the flash of a device: tables, and something else everywhere else. */
  readonly flash: Uint8Array;
  /** Of mfg_nvs, or of all PKI bins. */
  readonly range: { readonly offset: number; readonly size: number };
}

const flags = { encrypted: false, readonly: false };
const row = (name: string, type: number, subtype: number, offset: number, size: number): TableEntry => ({
  ...{ name, type, subtype, offset, size, flags },
});

/** As ESP-AT has them on an ESP32: the main table at 0x8000, that of the certificates at 0x20000. */
const mainTable = [
  row('nvs', 1, 2, 0x9000, 0xf000),
  row('phy_init', 1, 1, 0x18000, 0x1000),
  row('at_customize', 0x40, 0, 0x20000, 0xe0000),
  row('ota_0', 0, 0x10, 0x100000, 0x180000),
];

/** Partitions behind the table, each as large as its neighbours. */
function customTable(names: readonly string[], size: number): TableEntry[] {
  const [type, subtype] = names.length === 1 ? [1, 2] : [0x40, 0];
  return names.map((name, index) => row(name, type, subtype, 0x21000 + index * size, size));
}

const csvOf = (rows: readonly TableEntry[]): string =>
  rows.map(({ name, type, subtype, offset, size }) => `${name},${type},${subtype},${offset},${size},\n`).join('');

const sets = ['client', 'server', 'mqtt'].flatMap((set) => ['ca', 'cert', 'key'].map((kind) => `${set}_${kind}`));

/**
 * A project over our test certificates: nine PKI bins of 8K, or one mfg_nvs of 112K.
 *
 * @param settings further properties of the config
 */
export function flashProject(folder: string, kind: 'atpki' | 'nvs', settings: object = {}): FlashProject {
  const rows = kind === 'nvs' ? customTable(['mfg_nvs'], 0x1c000) : customTable(sets, 0x2000);
  mkdirSync(join(folder, 'raw_data'), { recursive: true });
  for (const name of sets)
    cpSync(join(fixtures, 'pki/raw_data', name), join(folder, 'raw_data', name), { recursive: true });
  writeFileSync(join(folder, 'at_customize.csv'), csvOf(rows));
  writeFileSync(join(folder, 'partitions_at.csv'), csvOf(mainTable));
  const namespaces = Object.fromEntries(sets.map((name) => [name, { files: name }]));
  const config = {
    rawData: 'raw_data',
    outDir: 'out',
    partitionTable: 'at_customize.csv',
    mainPartitionTable: 'partitions_at.csv',
    partitions:
      kind === 'nvs' ? { mfg_nvs: { format: 'nvs', namespaces } } : Object.fromEntries(sets.map((name) => [name, {}])),
    ...settings,
  };
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify(config, undefined, 2));
  const range = { offset: 0x21000, size: rows.reduce((sum, { size }) => sum + size, 0) };
  return { folder, flash: deviceFlash(rows), range };
}

/** What a device with these tables holds: erased partitions, and a pattern everywhere else, to be found untouched. */
function deviceFlash(rows: readonly TableEntry[]): Uint8Array {
  const flash = new Uint8Array(0x100000);
  for (let at = 0; at < flash.length; at++) flash[at] = at * 7 + (at >> 8);
  for (const { offset, size } of rows) flash.fill(0xff, offset, offset + size);
  flash.fill(0xff, 0x8000, 0x9000);
  flash.set(encodeTable(mainTable), 0x8000);
  flash.fill(0xff, 0x20000, 0x21000);
  flash.set(encodeTable(rows), 0x20000);
  return flash;
}
