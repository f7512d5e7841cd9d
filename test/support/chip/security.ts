import { viewOf } from '../../../src/core/bytes.ts';
import { type ChipName, chipKinds } from './chips.ts';

/** What has been burned into the efuses. */
export interface Security {
  readonly flashEncryption: boolean;
  readonly secureBoot: boolean;
  readonly secureDownload: boolean;
}

/**
 * The efuse words that say so (esptool v5.3.1, esptool/targets: EFUSE_SPI_BOOT_CRYPT_CNT, EFUSE_SECURE_BOOT_EN,
 * EFUSE_RD_ABS_DONE). An odd number of bits of the crypt count means encrypted. The ESP8266 has neither.
 */
export function securityRegisters(chip: ChipName, { flashEncryption, secureBoot }: Security): Record<number, number> {
  const bit = (set: boolean, at: number) => (set ? 1 << at : 0);
  switch (chip) {
    case 'esp8266':
      return {};
    case 'esp32':
      return { [0x3ff5a000]: bit(flashEncryption, 20), [0x3ff5a018]: bit(secureBoot, 4) };
    case 'esp32s2':
      return { [0x3f41a034]: bit(flashEncryption, 18), [0x3f41a038]: bit(secureBoot, 20) };
    case 'esp32c2':
      return { [0x60008830]: bit(flashEncryption, 7) | bit(secureBoot, 21) };
    case 'esp32c3':
      return { [0x60008834]: bit(flashEncryption, 18), [0x60008838]: bit(secureBoot, 20) };
    case 'esp32c6':
      return { [0x600b0834]: bit(flashEncryption, 18), [0x600b0838]: bit(secureBoot, 20) };
  }
}

/** The data of the reply to SECURITY_INFO: flags, crypt count, key purposes, and from the S3 on chip id and API. */
export function securityInfo(chip: ChipName, security: Security): Uint8Array {
  const kind = chipKinds[chip];
  const info = new Uint8Array(kind.securityInfoSize);
  const view = viewOf(info);
  // SECURE_BOOT_EN is bit 0, SECURE_DOWNLOAD_ENABLE bit 2 (esptool/loader.py, SECURITY_INFO_FLAG_MAP).
  view.setUint32(0, (security.secureBoot ? 1 : 0) | (security.secureDownload ? 4 : 0), true);
  info[4] = security.flashEncryption ? 1 : 0;
  if (info.length === 20) view.setUint32(12, kind.chipId ?? 0, true);
  return info;
}
