/** Facts about a chip that it does not tell itself. */
export interface Chip {
  /** The source of its locks, flash encryption and secure boot: a command of its ROM, eFuses, or none. */
  readonly security: 'command' | 'fuses' | 'none';
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
const chips: Readonly<Record<string, Chip>> = {
  // Nothing can be locked in it.
  ESP8266: { security: 'none' },
  ESP32: { security: 'fuses' },
  // esptool: targets/esp32c3.py and esp32s3.py, RTC_CNTL_….
  'ESP32-C3': {
    security: 'command',
    watchdogs: {
      rtc: { config: 0x60008090, lock: 0x600080a8 },
      swd: { config: 0x600080ac, lock: 0x600080b0, key: 0x8f1d312a, feedItself: 0x80000000 },
    },
  },
  'ESP32-S3': {
    security: 'command',
    watchdogs: {
      rtc: { config: 0x60008098, lock: 0x600080b0 },
      swd: { config: 0x600080b4, lock: 0x600080b8, key: 0x8f1d312a, feedItself: 0x80000000 },
    },
  },
  'ESP32-C5': { security: 'command', watchdogs: lowPower },
  'ESP32-C6': { security: 'command', watchdogs: lowPower },
  'ESP32-C61': { security: 'command', watchdogs: lowPower },
};

/** Returns what is known of a chip by its name, `ESP32-C3`. */
export const chipNamed = (name: string): Chip => chips[name] ?? { security: 'command' };

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
