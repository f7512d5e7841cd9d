import { codesOf } from '../code.ts';

/** The chip of a board, and the loader that speaks for it. */
export const chipCodes = codesOf({
  'chip-silent': {
    severity: 'error',
    blame: 'device',
    summary: 'The chip does not answer, or stopped answering.',
    explain: async () => ({
      meaning: 'The chip is not in its loader: nothing can be read or written.',
      cause:
        'Its firmware runs instead, this is the port for AT commands (UART1) and not the one for flashing (UART0), the reset lines are not wired, or it has no power.',
      remedy:
        'Use the port for flashing. Without automatic reset: hold BOOT (IO0; IO9 on ESP32-C2, C3 and C6), press RESET, release BOOT, then `at-pki flash --before no-reset`.',
      source: 'esptool, "Boot Mode Selection"; ESP-AT, "Hardware Connection".',
    }),
  },
  'chip-garbled': {
    severity: 'error',
    blame: 'device',
    summary: 'Answers of the chip are damaged on their way.',
    explain: async () => ({
      meaning: 'Bytes that were read are discarded; sectors that were written are verified again.',
      cause: 'The rate is too high for the cable, the USB bridge or the wires, or something else uses the line.',
      remedy: 'Lower the rate: `at-pki flash --baud 115200`. Use a shorter cable and no hub.',
      source: 'esptool, "Serial Protocol": SLIP frames and checksums.',
    }),
  },
  'chip-refused': {
    severity: 'error',
    blame: 'device',
    summary: 'The chip answers a command with an error.',
    explain: async () => ({
      meaning: 'The chip received a command and did not execute it.',
      cause: 'Bytes were damaged on their way, or the flash chip is write-protected or broken.',
      remedy: 'Try again at a lower rate: `at-pki flash --baud 115200`. If it stays, try another board.',
      source: 'esptool, "Serial Protocol", status bytes.',
    }),
  },
  'chip-unsupported': {
    severity: 'error',
    blame: 'device',
    summary: 'The chip, or a mode that it is in, is not supported.',
    explain: async () => ({
      meaning: 'Nothing was written: the chip is not known, or is in a mode that allows nothing.',
      cause: 'The chip is newer than this at-pki, its flash does not answer, or secure download mode is on.',
      remedy: 'Update at-pki, or use your own esptool: `at-pki flash --esptool esptool`.',
      source: 'esptool, "Serial Protocol", GET_SECURITY_INFO.',
    }),
  },
  'chip-mismatch': {
    severity: 'error',
    blame: 'device',
    summary: 'The board is another one than expected: another chip or another MAC address.',
    explain: async () => ({
      meaning: 'Nothing was written: the images are for another board.',
      cause: 'Another board is plugged in than the one that config, module or command line name.',
      remedy:
        'Plug in the right one, or change what is expected: `at-pki flash --chip esp32c3`, `"mac"` in the config. A backup goes to another board only with --force.',
      source: 'schema/pki.config.schema.json, "chip" and "flash".',
    }),
  },
  'chip-locked': {
    severity: 'error',
    blame: 'device',
    summary: 'Flash encryption or secure boot is on: plain images would make the device unusable.',
    explain: async () => ({
      meaning: 'Nothing was written: with flash encryption the firmware would decrypt plain bytes to noise.',
      cause: 'Flash encryption or secure boot was switched on in the eFuses of the chip, for good.',
      remedy: 'Update the device through its own firmware: AT+SYSMFG, AT+SYSFLASH or a signed update.',
      source: 'ESP-IDF, "Flash Encryption" and "Secure Boot"; ESP-AT, AT+SYSMFG.',
    }),
  },
  'flash-too-small': {
    severity: 'error',
    blame: 'device',
    summary: 'A partition is beyond the end of the flash of the device.',
    explain: async () => ({
      meaning: 'Nothing was written: a partition ends beyond the end of the flash.',
      cause: 'The images are for a module with a larger flash.',
      remedy: 'Build for the module of the board: `at-pki flash --module esp32c2_2mb_g2`.',
      source: 'esp-at, module_config/: a partition table for each flash size.',
    }),
  },
  'not-verified': {
    severity: 'error',
    blame: 'device',
    summary: 'The flash does not hold what was written.',
    explain: async () => ({
      meaning: 'The MD5 of the flash differs from that of the image: the device may not find its certificates.',
      cause: 'A part of the flash chip is write-protected or worn out.',
      remedy:
        'Write all sectors again: `at-pki flash --full`. If it fails at the same place, move the partition or try another board.',
      source: 'esptool, "Serial Protocol", SPI_FLASH_MD5.',
    }),
  },
  'device-feature': {
    severity: 'error',
    blame: 'usage',
    summary: 'The chosen driver cannot do what the command needs.',
    explain: async () => ({
      meaning: 'Nothing was read or written: the driver connects to the device, but does not reach its flash.',
      cause: '--driver names a driver that is not made for the command.',
      remedy: 'Leave --driver out, or name the built-in flasher: `at-pki flash --driver stub`.',
      source: 'README, "Onto the device".',
    }),
  },
  'esptool-failed': {
    severity: 'error',
    blame: 'device',
    summary: "The user's own esptool cannot be run, or failed.",
    explain: async () => ({
      meaning: 'The message has the output of esptool; writes that were finished are verified.',
      cause: 'esptool is not installed, is of another major version than 4 or 5, or met an error of its own.',
      remedy:
        'Run esptool by hand on the same port: esptool --port PORT flash_id. Or use the built-in flasher: leave --esptool out.',
      source: 'esptool, "Basic Options" and "Basic Commands".',
    }),
  },
});
