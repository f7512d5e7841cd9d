/*
 * The names that ESP-IDF gives to types and subtypes of partitions, as gen_esp32part.py of ESP-IDF v5 and
 * esp_partition.h have them.
 */
export const typeNames: ReadonlyMap<string, number> = new Map([
  ['app', 0],
  ['data', 1],
  ['bootloader', 2],
  ['partition_table', 3],
]);

export const appType = 0;
export const dataType = 1;
/** The subtype of NVS among those of data. */
export const nvsSubtype = 2;
export const bootloaderType = 2;
export const partitionTableType = 3;
/** Subtype of the bootloader and the partition table that the chip starts with, as against their update copies. */
export const primarySubtype = 0;
/** What a data or custom partition without a subtype gets (`undefined`, since ESP-IDF v4.2). */
export const defaultSubtype = 6;

const numbered = (prefix: string, count: number, first: number): [string, number][] =>
  Array.from({ length: count }, (_, slot) => [`${prefix}${slot}`, first + slot]);

const subtypeNames: ReadonlyMap<number, ReadonlyMap<string, number>> = new Map([
  [0, new Map([['factory', 0], ...numbered('ota_', 16, 0x10), ['test', 0x20], ...numbered('tee_', 2, 0x30)])],
  [
    1,
    new Map([
      ['ota', 0],
      ['phy', 1],
      ['nvs', 2],
      ['coredump', 3],
      ['nvs_keys', 4],
      ['efuse', 5],
      ['undefined', 6],
      ['esphttpd', 0x80],
      ['fat', 0x81],
      ['spiffs', 0x82],
      ['littlefs', 0x83],
      ['tee_ota', 0x90],
    ]),
  ],
  [
    2,
    new Map([
      ['primary', 0],
      ['ota', 1],
      ['recovery', 2],
    ]),
  ],
  [
    3,
    new Map([
      ['primary', 0],
      ['ota', 1],
    ]),
  ],
]);

/** The subtype names of a type; a custom type has none. */
export const subtypeNamesOf = (type: number): ReadonlyMap<string, number> => subtypeNames.get(type) ?? new Map();

/** What an offset that is left blank is rounded up to: ESP-IDF maps apps in pages of 64 KiB. */
export const offsetAlignment = (type: number): number => (type === appType ? 0x10000 : 0x1000);
