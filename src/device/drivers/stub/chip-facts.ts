import type { ESPLoader } from 'esptool-js';
import { diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { type ChipFacts, DeviceError } from '../../device.ts';

/** What a chip says of itself, asked in its ROM or stub. The size of its flash is asked later, through the stub. */
export async function readChipFacts(loader: ESPLoader): Promise<Omit<ChipFacts, 'flashSize'>> {
  const chip = loader.chip.CHIP_NAME;
  if (loader.secureDownloadMode) {
    const message = `this ${chip} is in secure download mode: it lets nobody read its flash or its MAC address`;
    const hint = 'such a device is updated by its own firmware only, e.g. by AT+SYSMFG or AT+SYSFLASH';
    throw new DeviceError(diagnostic('chip-locked', message, { hint }));
  }
  const locks = await readLocks(loader, chip);
  return { chip, mac: await loader.chip.readMac(loader), ...locks };
}

/** EFUSE_BLK0_RDATA0: FLASH_CRYPT_CNT in bits 20 to 26 (ESP32 Technical Reference Manual, eFuse Controller). */
const esp32CryptCount = 0x3ff5a000;
/** EFUSE_BLK0_RDATA6: ABS_DONE_0 and ABS_DONE_1, secure boot V1 and V2, in bits 4 and 5. */
const esp32AbsDone = 0x3ff5a018;

/** Flash is encrypted where an odd number of the count's bits is set. Nothing of the kind exists in an ESP8266. */
async function readLocks(loader: ESPLoader, chip: string): Promise<Pick<ChipFacts, 'flashEncryption' | 'secureBoot'>> {
  if (chip === 'ESP8266') return { flashEncryption: false, secureBoot: false };
  if (chip === 'ESP32') {
    const count = ((await loader.readReg(esp32CryptCount)) >>> 20) & 0x7f;
    const done = (await loader.readReg(esp32AbsDone)) & 0x30;
    return { flashEncryption: isOdd(count), secureBoot: done !== 0 };
  }
  const { flashCryptCnt, parsedFlags } = await loader.getSecurityInfo();
  return { flashEncryption: isOdd(flashCryptCnt), secureBoot: parsedFlags.SECURE_BOOT_EN };
}

function isOdd(count: number): boolean {
  let bits = 0;
  for (let rest = count; rest > 0; rest >>>= 1) bits += rest & 1;
  return bits % 2 === 1;
}
