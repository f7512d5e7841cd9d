import type { ESPLoader } from 'esptool-js';
import { diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { chipNamed, esp32Fuses, isOdd, securityInFuses } from '../../chips.ts';
import { type ChipFacts, DeviceError } from '../../device.ts';

/** What a chip says of itself, asked in its ROM or stub. The size of its flash is asked later, through the stub. */
export async function readChipFacts(loader: ESPLoader): Promise<ChipFacts> {
  const chip = loader.chip.CHIP_NAME;
  if (loader.secureDownloadMode) {
    const message = `this ${chip} is in secure download mode: it lets nobody read its flash or its MAC address`;
    const hint = 'such a device is updated by its own firmware only, e.g. by AT+SYSMFG or AT+SYSFLASH';
    throw new DeviceError(diagnostic('chip-locked', message, { hint }));
  }
  const locks = await readLocks(loader, chip);
  return { chip, mac: await loader.chip.readMac(loader), ...locks };
}

const lastFuse = esp32Fuses.offset + esp32Fuses.size - 4;

async function readLocks(loader: ESPLoader, chip: string): Promise<Pick<ChipFacts, 'flashEncryption' | 'secureBoot'>> {
  switch (chipNamed(chip).security) {
    case 'none':
      return { flashEncryption: false, secureBoot: false };
    case 'fuses':
      return securityInFuses(await loader.readReg(esp32Fuses.offset), await loader.readReg(lastFuse));
    case 'command': {
      const { flashCryptCnt, parsedFlags } = await loader.getSecurityInfo();
      return { flashEncryption: isOdd(flashCryptCnt), secureBoot: parsedFlags.SECURE_BOOT_EN };
    }
  }
}
