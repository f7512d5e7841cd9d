import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { configName } from './chips.ts';
import type { ChipFacts } from './device.ts';

/** What the board should be, as far as anything says it. */
export interface Expected {
  /** `esp32c3`; `ESP32-C3` and the like mean the same. */
  readonly chip?: string;
  /** In lower case. */
  readonly mac?: string;
  /** Nothing will be written to it. */
  readonly readOnly?: boolean;
}

/** Everything that speaks against working with this board, before the first byte. */
export function checkChip(facts: ChipFacts, { chip, mac, readOnly }: Expected): Diagnostic[] {
  const problems: Diagnostic[] = [];
  if (chip !== undefined && configName(chip) !== configName(facts.chip)) {
    const message = `the board has an ${facts.chip}, and this is for ${configName(chip)}`;
    const hint = 'connect the right board, or build for this one: its module by --module, or "chip" in the config';
    problems.push(diagnostic('chip-mismatch', message, { hint }));
  }
  if (mac !== undefined && mac !== facts.mac) {
    const message = `the MAC address of the board is ${facts.mac}, and ${mac} is meant`;
    const hint = 'connect the right board, or change "mac" under "flash" in the config';
    problems.push(diagnostic('chip-mismatch', message, { hint }));
  }
  return [...problems, ...(readOnly ? veils(facts) : locks(facts))];
}

/** What protects a chip from being written to from here. */
export function locks({
  chip,
  flashEncryption,
  secureBoot,
}: Pick<ChipFacts, 'chip' | 'flashEncryption' | 'secureBoot'>): Diagnostic[] {
  const hint = 'update it through its firmware instead, e.g. by AT+SYSMFG or AT+SYSFLASH';
  const problems: Diagnostic[] = [];
  if (flashEncryption) {
    const message = `flash encryption is on in this ${chip}: it would take what is written here for garbage`;
    problems.push(diagnostic('chip-locked', message, { hint }));
  }
  if (secureBoot) {
    const message = `secure boot is on in this ${chip}: a board of a product, whose flash is not to be changed from here`;
    problems.push(diagnostic('chip-locked', message, { hint }));
  }
  return problems;
}

/** Reading does no harm, but shows the flash as it is: the partition table is encrypted along with the rest. */
function veils({ chip, flashEncryption }: ChipFacts): Diagnostic[] {
  if (!flashEncryption) return [];
  const message = `flash encryption is on in this ${chip}: what is read of its flash is encrypted, its tables too`;
  const hint = 'its partitions are not found by name then: read ranges such as 0x21000:112K, or flash';
  return [diagnostic('chip-locked', message, { severity: 'warning', hint })];
}
