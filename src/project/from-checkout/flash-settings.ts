import { parseBytes } from '../../core/text.ts';
import type { DeviceSettings, FlashSettings } from '../project.ts';
import { choiceOf, numberOf, type Sdkconfig, textOf } from './sdkconfig.ts';

/**
 * What a sdkconfig or sdkconfig.defaults says about chip and flash. A full sdkconfig has each as a text
 * (`CONFIG_ESPTOOLPY_FLASHSIZE="4MB"`), the defaults mostly as a choice (`CONFIG_ESPTOOLPY_FLASHSIZE_4MB=y`).
 */
export function flashSettings(config: Sdkconfig): FlashSettings {
  const choice = (name: string): string | undefined =>
    textOf(config, `ESPTOOLPY_${name}`) ?? choiceOf(config, `ESPTOOLPY_${name}_`)?.toLowerCase();
  const mode = choice('FLASHMODE');
  const frequency = choice('FLASHFREQ');
  const size = parseBytes(choice('FLASHSIZE')?.replace(/b$/i, '') ?? '');
  return {
    // v1.1 and v1.2 know one chip only and do not say which.
    chip: textOf(config, 'IDF_TARGET') ?? choiceOf(config, 'IDF_TARGET_')?.toLowerCase() ?? 'esp32',
    mode: mode === undefined ? undefined : (imageMode.get(mode) ?? mode),
    frequency,
    size,
  };
}

/**
 * ESP-IDF and ESP8266_RTOS_SDK flash the quad modes as dio (CONFIG_ESPTOOLPY_FLASHMODE in Kconfig.projbuild of
 * esptool_py): the second-stage bootloader switches to quad.
 */
const imageMode: ReadonlyMap<string, string> = new Map([
  ['qio', 'dio'],
  ['qout', 'dio'],
]);

/** Where ESP-IDF's build of the firmware put the main partition table. */
export function deviceSettings(config: Sdkconfig): DeviceSettings {
  const partitionTable = numberOf(config, 'PARTITION_TABLE_OFFSET');
  return partitionTable === undefined ? {} : { partitionTable };
}
