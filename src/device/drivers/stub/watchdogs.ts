import type { ESPLoader } from 'esptool-js';
import type { Port } from '../../connection.ts';
import { usbText } from '../../ports/usb-bridges.ts';

/** Registers of the two watchdogs that go on while a chip is in its loader, and what unlocks and quiets them. */
interface Watchdogs {
  readonly rtc: { readonly config: number; readonly lock: number };
  readonly swd: { readonly config: number; readonly lock: number; readonly key: number; readonly feedItself: number };
}

/** esptool: loader.py, USB_JTAG_SERIAL_PID. */
const usbOfChip = '303a:1001';

const rtcKey = 0x50d83aa1;

/** esptool: targets/esp32c3.py and esp32s3.py, RTC_CNTL_…; esp32c6.py, LP_WDT_…, from which C5 and C61 have theirs. */
const esp32c3: Watchdogs = {
  rtc: { config: 0x60008090, lock: 0x600080a8 },
  swd: { config: 0x600080ac, lock: 0x600080b0, key: 0x8f1d312a, feedItself: 0x80000000 },
};
const esp32s3: Watchdogs = {
  rtc: { config: 0x60008098, lock: 0x600080b0 },
  swd: { config: 0x600080b4, lock: 0x600080b8, key: 0x8f1d312a, feedItself: 0x80000000 },
};
const esp32c6: Watchdogs = {
  rtc: { config: 0x600b1c00, lock: 0x600b1c18 },
  swd: { config: 0x600b1c1c, lock: 0x600b1c20, key: rtcKey, feedItself: 1 << 18 },
};
const byChip: ReadonlyMap<string, Watchdogs> = new Map([
  ['ESP32-C3', esp32c3],
  ['ESP32-S3', esp32s3],
  ['ESP32-C6', esp32c6],
  ['ESP32-C5', esp32c6],
  ['ESP32-C61', esp32c6],
]);

/**
 * Over the USB of the chip itself a reset into the loader leaves the watchdogs of the firmware on, and they would reset
 * the board in the middle of a flash. esptool-js, unlike esptool, does nothing about it.
 */
export async function quietWatchdogs(loader: ESPLoader, { usb }: Pick<Port, 'usb'>): Promise<void> {
  const watchdogs = byChip.get(loader.chip.CHIP_NAME);
  if (watchdogs === undefined || usb === undefined || usbText(usb) !== usbOfChip) return;
  const { rtc, swd } = watchdogs;
  await loader.writeReg(rtc.lock, rtcKey);
  await loader.writeReg(rtc.config, 0);
  await loader.writeReg(rtc.lock, 0);
  await loader.writeReg(swd.lock, swd.key);
  await loader.writeReg(swd.config, ((await loader.readReg(swd.config)) | swd.feedItself) >>> 0);
  await loader.writeReg(swd.lock, 0);
}
