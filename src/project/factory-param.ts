import { join } from 'node:path';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Problems } from '../core/diagnostics/problems.ts';
import { didYouMean } from '../core/text.ts';
import { factoryNamespace } from '../firmware/slots.ts';
import { encodingHint, isEncoding, valueFrom } from '../formats/nvs/csv-value.ts';
import type { NvsEntry } from '../formats/nvs/model.ts';
import { readRows } from './from-checkout/csv.ts';
import { readIfAny, textIn } from './from-checkout/files.ts';

/** A row of factory_param_data.csv: a hardware module by the name that people order it by, and its parameters. */
export interface FactoryModule {
  /** E.g. `PLATFORM_ESP32C3`; upper case, as esp-at's own build makes it. */
  readonly platform: string;
  /** E.g. `MINI-1`; upper case. */
  readonly name: string;
  /** What its row says in a column; undefined where there is no such column. */
  parameter(column: string): string | undefined;
}

/** The rows of factory_param_data.csv, in its order; nothing if it lacks the columns platform and module_name. */
export function parseFactoryModules(text: string, file: string, problems: Problems): FactoryModule[] {
  const [heading = [], ...rows] = readRows(text, file, problems);
  const positions = new Map(heading.map((column, index) => [column.trim(), index]));
  return rows.flatMap((row) => {
    const parameter = (column: string): string | undefined => {
      const at = positions.get(column);
      return at === undefined ? undefined : (row[at] ?? '');
    };
    const platform = parameter('platform')?.trim().toUpperCase();
    const name = parameter('module_name')?.trim().toUpperCase();
    return platform && name ? [{ platform, name, parameter }] : [];
  });
}

/** The rows of factory_param_data.csv below a folder of raw data. */
export function readFactoryModules(rawData: string, problems: Problems): FactoryModule[] {
  const file = join(rawData, factoryNamespace, 'factory_param_data.csv');
  const bytes = readIfAny(file, problems);
  return bytes === undefined ? [] : parseFactoryModules(textIn(bytes), file, problems);
}

/**
 * The entries of factory_param: for each row `key,type,encoding` of factory_param_type.csv, in its order, the value of
 * that column. `overrides` replace single values.
 */
export function factoryEntries(
  rawData: string,
  module: FactoryModule,
  overrides: ReadonlyMap<string, string>,
  problems: Problems,
): NvsEntry[] {
  const file = join(rawData, factoryNamespace, 'factory_param_type.csv');
  const problem = (message: string, hint?: string) =>
    problems.add(diagnostic('checkout-file', message, { place: { file }, hint }));
  const bytes = readIfAny(file, problems);
  if (bytes === undefined) {
    problem('there is no factory_param_type.csv, which says how the factory parameters are stored');
    return [];
  }
  const entries: NvsEntry[] = [];
  // The reference takes rows of exactly three fields and passes over all others.
  const types = readRows(textIn(bytes), file, problems).filter((row) => row.length === 3);
  for (const [key = '', , encoding = ''] of types) {
    const text = overrides.get(key) ?? module.parameter(key);
    if (text === undefined) problem(`factory_param_data.csv has no column "${key}"`);
    else if (!isEncoding(encoding))
      problem(`"${encoding}", the encoding of ${key}, is not known`, encodingHint(encoding));
    else {
      const value = valueFrom(text, encoding);
      if (value.ok) entries.push({ namespace: factoryNamespace, key, ...value.value });
      else problem(`${key} of ${module.name}: ${value.error.message}`, value.error.hint);
    }
  }
  const keys = new Set(types.map(([key = '']) => key));
  for (const key of overrides.keys()) {
    if (!keys.has(key)) problem(`there is no factory parameter "${key}"`, didYouMean(key, keys));
  }
  return entries;
}
