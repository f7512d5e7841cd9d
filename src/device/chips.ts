import { listed } from '../core/text.ts';
import type { UsbIds } from './connection.ts';

/** Facts about a chip that it does not tell itself. */
interface Chip {
  /** The source of its locks, flash encryption and secure boot: a command of its ROM, eFuses, or none. */
  readonly security: 'command' | 'fuses' | 'none';
  /** GPIO that BOOT pulls low, so that a reset leads into the loader. */
  readonly bootPin?: number;
  /** Pins that the flash is at, where a board leads them out. */
  readonly flashPins?: string;
  /** Product id of its USB-OTG in the loader. */
  readonly usbOtg?: number;
  /** Those that a reset into the loader over the chip's own USB leaves on. */
  readonly watchdogs?: Watchdogs;
}

/** Registers of two watchdogs, and what unlocks and quiets them. */
export interface Watchdogs {
  readonly rtc: { readonly config: number; readonly lock: number };
  readonly swd: { readonly config: number; readonly lock: number; readonly key: number; readonly feedItself: number };
}

/** Unlocks the registers of the RTC watchdog. */
export const rtcKey = 0x50d83aa1;

/** esptool: targets/esp32c6.py, LP_WDT_…, from which C5 and C61 have theirs. */
const lowPower: Watchdogs = {
  rtc: { config: 0x600b1c00, lock: 0x600b1c18 },
  swd: { config: 0x600b1c1c, lock: 0x600b1c20, key: rtcKey, feedItself: 1 << 18 },
};

/** By the name that the chip has in esptool. One that is not here has the command and no watchdog of that kind. */
export const chips: Readonly<Record<string, Chip>> = {
  ESP32: { security: 'fuses', bootPin: 0, flashPins: 'GPIO 6 to 11' },
  // Nothing can be locked in it.
  ESP8266: { security: 'none', bootPin: 0, flashPins: 'GPIO 6 to 11' },
  'ESP32-S2': { security: 'command', bootPin: 0, usbOtg: 0x0002 },
  'ESP32-C2': { security: 'command', bootPin: 9 },
  // esptool: targets/esp32c3.py and esp32s3.py, RTC_CNTL_….
  'ESP32-C3': {
    security: 'command',
    bootPin: 9,
    watchdogs: {
      rtc: { config: 0x60008090, lock: 0x600080a8 },
      swd: { config: 0x600080ac, lock: 0x600080b0, key: 0x8f1d312a, feedItself: 0x80000000 },
    },
  },
  'ESP32-S3': {
    security: 'command',
    bootPin: 0,
    usbOtg: 0x0009,
    watchdogs: {
      rtc: { config: 0x60008098, lock: 0x600080b0 },
      swd: { config: 0x600080b4, lock: 0x600080b8, key: 0x8f1d312a, feedItself: 0x80000000 },
    },
  },
  'ESP32-C5': { security: 'command', watchdogs: lowPower },
  'ESP32-C6': { security: 'command', bootPin: 9, watchdogs: lowPower },
  'ESP32-C61': { security: 'command', watchdogs: lowPower },
};

/** Returns what is known of a chip by its name, `ESP32-C3`. */
export const chipNamed = (name: string): Chip => chips[name] ?? { security: 'command' };

/** `ESP32-C3` as configs write it: `esp32c3`. */
export const configName = (chip: string): string => chip.toLowerCase().replaceAll(/[-_]/g, '');

const named = Object.entries(chips);

/** A fact with the chips that have it: `IO9 on ESP32-C2, C3 and C6`. */
function withChips(factOf: (chip: Chip) => string | undefined): string[] {
  const facts = [...new Set(named.flatMap(([, chip]) => factOf(chip) ?? []))];
  return facts.map((fact) => {
    const names = named.filter(([, chip]) => factOf(chip) === fact).map(([name]) => name);
    const [first = '', ...others] = names;
    return `${fact} on ${listed([first, ...others.map((name) => name.replace('ESP32-', ''))])}`;
  });
}

/** The pins of BOOT: `IO0; IO9 on ESP32-C2, C3 and C6`. */
export const bootPins = ['IO0', ...withChips(({ bootPin }) => (bootPin ? `IO${bootPin}` : undefined))].join('; ');

/** The pins of the flash: `GPIO 6 to 11 on ESP32 and ESP8266`. */
export const flashPins = withChips((chip) => chip.flashPins).join('; ');

/** Bits per second at which the ROM of every chip is spoken to first. */
export const romBaud = 115_200;

const espressif = 0x303a;
/** The same in all chips that have it (esptool: loader.py, USB_JTAG_SERIAL_PID). */
const usbSerialJtag = 0x1001;

/** True for the USB of a chip that is a serial port by itself, also while its firmware runs. */
export const isUsbSerialJtag = ({ vendorId, productId }: UsbIds): boolean =>
  vendorId === espressif && productId === usbSerialJtag;

/** Names the USB of a chip. All numbers of Espressif count as such. */
export function usbOfChip(usb: UsbIds): string | undefined {
  if (usb.vendorId !== espressif) return undefined;
  if (isUsbSerialJtag(usb)) return 'USB of the chip';
  const [name] = named.find(([, { usbOtg }]) => usbOtg === usb.productId) ?? [];
  return name === undefined ? 'USB of Espressif' : `USB of the ${name}`;
}

/** The eFuse words of an ESP32 that say what is locked: EFUSE_BLK0_RDATA0 to 6. Address and size, in bytes. */
export const esp32Fuses = { offset: 0x3ff5a000, size: 28 };

/**
 * Reads what is locked out of words 0 and 6 (ESP32 Technical Reference Manual, eFuse Controller): FLASH_CRYPT_CNT in bits
 * 20 to 26 of word 0, encryption on where an odd number of them is set; ABS_DONE_0 and ABS_DONE_1, secure boot version 1
 * and 2, in bits 4 and 5 of word 6.
 */
export const securityInFuses = (word0: number, word6: number) => ({
  flashEncryption: isOdd((word0 >>> 20) & 0x7f),
  secureBoot: (word6 & 0x30) !== 0,
});

/** True where an odd number of bits is set. */
export const isOdd = (count: number): boolean => count.toString(2).replaceAll('0', '').length % 2 === 1;
