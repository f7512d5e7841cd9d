import type { Config } from '../../config/generated/config.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { parseBytes } from '../../core/text.ts';
import type { Program } from '../../programs/run.ts';
import type { DeviceSettings, Hooks } from '../project.ts';

/** Returns what the config says about reaching the device. */
export function deviceOf({ value: { flash = {} }, port }: LoadedConfig): DeviceSettings {
  const { baud, mac, before, after, partitionTable, esptool } = flash;
  const offset = partitionTable === undefined ? undefined : parseBytes(String(partitionTable));
  const program = typeof esptool === 'string' ? listOf([esptool]) : esptool && listOf(esptool);
  return {
    port,
    baud,
    mac: mac === undefined ? undefined : mac.toLowerCase().replaceAll('-', ':'),
    before,
    after,
    partitionTable: offset,
    esptool: program,
  };
}

export function hooksOf({ hooks = {} }: Config): Hooks {
  const { preBuild, postBuild, postFlash } = hooks;
  return {
    preBuild: preBuild ? hookOf(preBuild) : undefined,
    postBuild: postBuild ? hookOf(postBuild) : undefined,
    postFlash: postFlash ? hookOf(postFlash) : undefined,
  };
}

const hookOf = (hook: readonly string[] | { readonly shell: string }): Program =>
  'shell' in hook ? { shell: hook.shell } : { exec: hook };

const listOf = ([first, ...rest]: readonly string[]): readonly [string, ...string[]] | undefined =>
  first === undefined ? undefined : [first, ...rest];
