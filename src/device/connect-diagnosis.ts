import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { printable } from '../core/text.ts';
import { bootPins } from './chips.ts';
import type { ConnectOptions } from './device.ts';

/**
 * Diagnoses why a chip could not be connected to, by what it sent meanwhile. esptool-js itself says `Failed to connect with the
 * device`, whatever the reason (its defect 10).
 *
 * @param heard the last bytes that came in, as Latin-1 text
 */
export function diagnoseConnect(error: Error, heard: string, { port, before }: ConnectOptions): Diagnostic {
  const at = printable(port.name);
  if (/Unexpected (chip|CHIP)|Failed to start stub|SPI command/.test(error.message)) {
    return diagnostic('chip-unsupported', `the chip at ${at} answers, and cannot be worked with: ${error.message}`, {
      hint: 'try --baud 115200; chips newer than this at-pki need the esptool of Espressif (--esptool)',
    });
  }
  if (/status|Only got/.test(error.message)) {
    return diagnostic('chip-refused', `the chip at ${at} refuses a command: ${error.message}`, {
      hint: 'reset the board and run it again',
    });
  }
  return diagnostic('chip-silent', `no answer from a chip at ${at}`, {
    hint: likelyCause(heard, port.hasLines, before),
  });
}

/** ESP32 and later: `boot:0x13 (SPI_FAST_FLASH_BOOT)`; ESP8266: `boot mode:(3,6)`. */
const startsFirmware = /boot:0x[0-9a-f]+|boot mode:\(\d/i;
/** ESP32 and later say `waiting for download`; `boot mode:(1,…)` is the loader of the ESP8266. */
const startsLoader = /waiting for download|boot mode:\(1,/i;
/** What ESP-AT says on the port for AT commands. */
const atPort = /(^|\n)ready\r?\n|ERROR\r?\n/;

export const byHand = `hold BOOT (${bootPins}), press RESET, let go of BOOT, and use --before no-reset`;

function likelyCause(heard: string, hasLines: boolean, before: ConnectOptions['before']): string {
  if (startsLoader.test(heard))
    return 'the chip is in its loader, but does not hear us: look at the wire to its RX pin';
  if (startsFirmware.test(heard)) return `the chip starts its firmware instead of its loader: ${byHand}`;
  if (atPort.test(heard)) {
    return 'this is the port for AT commands (UART1): flashing goes over the other one (UART0), often the USB socket';
  }
  if (!hasLines) return `nothing resets a chip over this port: ${byHand}`;
  if (before === 'no-reset') return `without a reset the chip must be in its loader already: ${byHand}`;
  if (heard !== '') return `something talks there, but not as a loader does; is it an Espressif chip? else ${byHand}`;
  return `is the board powered, and this its port for flashing (UART0)? else ${byHand}`;
}
