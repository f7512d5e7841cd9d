import { join } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { didYouMean } from '../core/text.ts';
import { encodingHint, isEncoding, valueFrom } from '../formats/nvs/csv-value.ts';
import type { NvsEntry } from '../formats/nvs/model.ts';
import { parseCsv } from './csv.ts';
import { readIfAny, textIn } from './files.ts';

/** A row of factory_param_data.csv: a hardware module by the name that people order it by, and its parameters. */
export interface FactoryModule {
  /** E.g. `PLATFORM_ESP32C3`; upper case, as esp-at's own build makes it. */
  readonly platform: string;
  /** E.g. `MINI-1`; upper case. */
  readonly name: string;
  /** The row by column names. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The namespace of the factory parameters. */
export const factoryNamespace = 'factory_param';

/** The rows of factory_param_data.csv, in its order; nothing if it lacks the columns platform and module_name. */
export function parseFactoryModules(text: string): FactoryModule[] {
  const [heading = [], ...rows] = parseCsv(text);
  const modules: FactoryModule[] = [];
  for (const row of rows) {
    const parameters = new Map(heading.map((column, index) => [column.trim(), row[index] ?? '']));
    const platform = parameters.get('platform')?.trim().toUpperCase();
    const name = parameters.get('module_name')?.trim().toUpperCase();
    if (platform && name) modules.push({ platform, name, parameters });
  }
  return modules;
}

/** The rows of factory_param_data.csv below a folder of raw data. */
export function readFactoryModules(rawData: string, diagnostics: Diagnostic[]): FactoryModule[] {
  const bytes = readIfAny(join(rawData, factoryNamespace, 'factory_param_data.csv'), diagnostics);
  return bytes === undefined ? [] : parseFactoryModules(textIn(bytes));
}

/**
 * The entries of factory_param: for each row `key,type,encoding` of factory_param_type.csv, in its order, the value of
 * that column. `overrides` replace single values.
 */
export function factoryEntries(
  rawData: string,
  module: FactoryModule,
  overrides: ReadonlyMap<string, string>,
  diagnostics: Diagnostic[],
): NvsEntry[] {
  const file = join(rawData, factoryNamespace, 'factory_param_type.csv');
  const problem = (message: string, hint?: string) =>
    diagnostics.push(diagnostic('checkout-file', message, { place: { file }, ...(hint && { hint }) }));
  const bytes = readIfAny(file, diagnostics);
  if (bytes === undefined) {
    problem('there is no factory_param_type.csv, which says how the factory parameters are stored');
    return [];
  }
  const entries: NvsEntry[] = [];
  // The reference takes rows of exactly three fields and passes over all others.
  const types = parseCsv(textIn(bytes)).filter((row) => row.length === 3);
  for (const [key = '', , encoding = ''] of types) {
    const text = overrides.get(key) ?? module.parameters.get(key);
    if (text === undefined) problem(`factory_param_data.csv has no column "${key}"`);
    else if (!isEncoding(encoding))
      problem(`"${encoding}", the encoding of ${key}, is not known`, encodingHint(encoding));
    else {
      const value = valueFrom(text, encoding);
      if (value.ok) entries.push({ namespace: factoryNamespace, key, ...value.value });
      else problem(`${key} of ${module.name}: ${value.error.message}`, value.error.hint);
    }
  }
  const keys = types.map(([key = '']) => key);
  for (const key of overrides.keys()) {
    if (!keys.includes(key)) problem(`there is no factory parameter "${key}"`, didYouMean(key, keys));
  }
  return entries;
}
