import { viewOf } from '../../../core/bytes.ts';
import { diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { parseBytes } from '../../../core/text.ts';
import { esp32Fuses, securityInFuses } from '../../chips.ts';
import { type ChipFacts, DeviceError } from '../../device.ts';

export interface Identity extends Pick<ChipFacts, 'chip' | 'mac'> {
  /** Bytes. */
  readonly flashSize: number;
}
export type Security = Pick<ChipFacts, 'flashEncryption' | 'secureBoot'>;

/** What `flash-id` prints, in version 4 and in version 5. Version 4 does not repeat the chip that it was told. */
export function identityIn(output: string, told = 'auto'): Identity {
  const found = /(?:Detecting chip type\.\.\. *|^Connected to )(ESP[\w()-]+)/m.exec(output)?.[1];
  const chip = found ?? (told === 'auto' ? undefined : told);
  // Chips with 802.15.4 have a MAC of eight bytes, too; the board is known by its base MAC.
  const mac = macIn('BASE MAC', output) ?? macIn('MAC', output);
  if (chip === undefined || mac === undefined) throw notUnderstood('which chip it is');
  const flashSize = parseBytes(/Detected flash size: *(\d+[KM])B/.exec(output)?.[1] ?? '');
  if (flashSize !== undefined) return { chip, mac, flashSize };
  throw new DeviceError(
    diagnostic('chip-unsupported', `esptool cannot tell how large the flash of the ${chip} is`, {
      hint: 'does something else hang on the pins of its flash?',
    }),
  );
}

const macIn = (label: string, output: string): string | undefined =>
  new RegExp(`^${label}: *((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\\s*$`, 'im').exec(output)?.[1]?.toLowerCase();

/** What `get-security-info` prints. */
export function securityIn(output: string): Security {
  const [, encryption] = /^Flash Encryption: (Enabled|Disabled)/m.exec(output) ?? [];
  const [, boot] = /^Secure Boot: (Enabled|Disabled)/m.exec(output) ?? [];
  if (encryption === undefined || boot === undefined) throw notUnderstood('whether the chip is locked');
  return { flashEncryption: encryption === 'Enabled', secureBoot: boot === 'Enabled' };
}

const notUnderstood = (what: string): DeviceError =>
  new DeviceError(
    diagnostic('esptool-failed', `esptool does not say ${what} in a way that is understood here`, {
      hint: 'take an esptool of version 4 or 5, or none: flashing works without it',
    }),
  );

/** What the eFuse words of an ESP32 say, which has no command for it. */
export function securityOfEsp32(fuses: Uint8Array): Security {
  if (fuses.length !== esp32Fuses.size) throw notUnderstood('whether the chip is locked');
  const words = viewOf(fuses);
  return securityInFuses(words.getUint32(0, true), words.getUint32(esp32Fuses.size - 4, true));
}
