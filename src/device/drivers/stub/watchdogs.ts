import type { ESPLoader } from 'esptool-js';
import { chipNamed, isUsbSerialJtag, rtcKey } from '../../chips.ts';
import type { Port } from '../../connection.ts';

/**
 * Over the USB of the chip itself a reset into the loader leaves the watchdogs of the firmware on, and they would reset
 * the board in the middle of a flash. esptool-js, unlike esptool, does nothing about it.
 */
export async function quietWatchdogs(loader: ESPLoader, { usb }: Pick<Port, 'usb'>): Promise<void> {
  const { watchdogs } = chipNamed(loader.chip.CHIP_NAME);
  if (watchdogs === undefined || usb === undefined || !isUsbSerialJtag(usb)) return;
  const { rtc, swd } = watchdogs;
  await loader.writeReg(rtc.lock, rtcKey);
  await loader.writeReg(rtc.config, 0);
  await loader.writeReg(rtc.lock, 0);
  await loader.writeReg(swd.lock, swd.key);
  await loader.writeReg(swd.config, ((await loader.readReg(swd.config)) | swd.feedItself) >>> 0);
  await loader.writeReg(swd.lock, 0);
}
