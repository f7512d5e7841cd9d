import type { ChipName } from './chips.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** The ROM of the ESP8266 speaks at a rate of its own, which at 115200 is rubbish. */
export const bootBaud = (chip: ChipName): number => (chip === 'esp8266' ? 74880 : 115200);

/** What the ROM says after a reset. esptool reads the boot mode out of it. */
export function bootText(chip: ChipName, into: 'app' | 'rom'): Uint8Array {
  if (chip === 'esp8266')
    return encode(`\r\n ets Jan  8 2013,rst cause:2, boot mode:(${into === 'rom' ? '1,6' : '3,6'})\r\n`);
  const mode =
    into === 'rom' ? 'boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n' : 'boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n';
  return encode(`ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),${mode}`);
}

/** What ESP-AT says when it is up. */
export const applicationText = encode('\r\nready\r\n');
