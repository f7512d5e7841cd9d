import { join } from 'node:path';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { readIfAny, reportNul, textIn } from './files.ts';
import { type Sdkconfig, settingValue } from './sdkconfig.ts';

/** What must be set in sdkconfig for a partition to be used. */
export interface Condition {
  /** Without `CONFIG_`. */
  readonly option: string;
  readonly value: string;
}

/** Conditions by partition; any one of them suffices. */
export type Dependencies = ReadonlyMap<string, readonly Condition[]>;

/**
 * Reads `AT_partition_dependency` (later `at_customized_config_dependency.txt`): lines `AT_…=y partition`, in v1.1 and
 * v1.2 without `=y`; lines that start with # are comments.
 */
export function parseDependencies(text: string, file: string, problems: Problems): Dependencies {
  const dependencies = new Map<string, Condition[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*(?:CONFIG_)?(\w+)(?:=(\S+))?\s+(\S+)\s*$/.exec(line);
    if (!match) {
      const message = `"${line.trim()}" does not name an option and a partition`;
      const place = { file, line: index + 1, column: 1, length: line.length, text: line };
      problems.add(diagnostic('checkout-file', message, { place, hint: 'write it like AT_X=y client_ca' }));
      continue;
    }
    const [, option = '', value = 'y', partition = ''] = match;
    const conditions = dependencies.get(partition) ?? [];
    conditions.push({ option, value });
    dependencies.set(partition, conditions);
  }
  return dependencies;
}

/** The file that says which option a partition needs: up to v3.0, and since. */
export const dependencyFiles = ['AT_partition_dependency', 'at_customized_config_dependency.txt'];

/** Undefined where the checkout has no such file: then no partition depends on an option. */
export function readDependencies(root: string, problems: Problems): Dependencies | undefined {
  for (const name of dependencyFiles) {
    const file = join(root, 'components', 'customized_partitions', name);
    const bytes = readIfAny(file, problems);
    if (bytes === undefined) continue;
    const text = textIn(bytes);
    reportNul(text, file, problems);
    return parseDependencies(text, file, problems);
  }
  return undefined;
}

/** Why a partition is not used in this configuration, as a clause; undefined if it is. */
export function reasonNotUsed(partition: string, dependencies: Dependencies, config: Sdkconfig): string | undefined {
  const conditions = dependencies.get(partition);
  if (conditions === undefined) return 'no option of the dependency file asks for it';
  if (conditions.some(({ option, value }) => settingValue(config, option) === value)) return undefined;
  return `sdkconfig does not set ${conditions.map(({ option, value }) => `CONFIG_${option}=${value}`).join(' or ')}`;
}
