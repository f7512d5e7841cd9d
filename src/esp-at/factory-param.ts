/** A row of factory_param_data.csv: a hardware module by the name that people order it by. */
export interface FactoryModule {
  /** E.g. `PLATFORM_ESP32C3`; upper case, as esp-at's own build makes it. */
  readonly platform: string;
  /** E.g. `MINI-1`; upper case. */
  readonly name: string;
}

/** Platforms and module names of factory_param_data.csv, in its order; nothing if it lacks these columns. */
export function parseFactoryModules(text: string): FactoryModule[] {
  const [heading = [], ...rows] = parseCsv(text.replace(/^\uFEFF/, ''));
  const platformColumn = heading.indexOf('platform');
  const nameColumn = heading.indexOf('module_name');
  const modules: FactoryModule[] = [];
  for (const row of rows) {
    const platform = row[platformColumn]?.trim().toUpperCase();
    const name = row[nameColumn]?.trim().toUpperCase();
    if (platform && name) modules.push({ platform, name });
  }
  return modules;
}

/** CSV with quoted fields (RFC 4180), which may hold commas, line breaks and doubled quotes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', separator] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n|\r|\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (separator === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
