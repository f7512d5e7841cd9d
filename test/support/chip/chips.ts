/** What distinguishes the six chips, as far as a flasher can see it. */

export type ChipName = 'esp32' | 'esp32s2' | 'esp32c2' | 'esp32c3' | 'esp32c6' | 'esp8266';

export interface ChipKind {
  /** As Espressif writes it. */
  readonly label: string;
  /** What the register 0x40001000 reads. */
  readonly magic: number;
  /** In SECURITY_INFO; absent where the command is missing or does not say it. */
  readonly chipId?: number;
  /** Bytes of the reply to SECURITY_INFO; 0 where the ROM does not know the command. */
  readonly securityInfoSize: 0 | 12 | 20;
  /** The ROM's status bytes; the stub's are always 2. */
  readonly romStatusSize: 2 | 4;
  /** The ROM of the ESP8266 has no SPI_ATTACH, CHANGE_BAUD, MD5 and no deflated writes. */
  readonly smallRom: boolean;
  readonly spi: { readonly base: number; readonly usr: number; readonly usr2: number; readonly w0: number };
  /** Where UART0 tells its clock divider, by which esptool finds the crystal: divider = crystal x factor / baud. */
  readonly uart: { readonly divider: number; readonly crystal: number; readonly factor: number };
  /** Registers that say something by a value other than 0: the revision, mostly. */
  readonly registers: Readonly<Record<number, number>>;
}

const laterSpi = { usr: 0x18, usr2: 0x20, w0: 0x58 } as const;

/** Registers and ids: esptool v5.3.1, esptool/targets/*.py; the magic of the C2, C3 and C6: v4.8.1. */
export const chipKinds: Readonly<Record<ChipName, ChipKind>> = {
  esp32: {
    label: 'ESP32',
    magic: 0x00f01d83,
    securityInfoSize: 0,
    romStatusSize: 4,
    smallRom: false,
    spi: { base: 0x3ff42000, usr: 0x1c, usr2: 0x24, w0: 0x80 },
    uart: { divider: 0x3ff40014, crystal: 40e6, factor: 1 },
    // An ESP32-D0WD-V3, revision 3: package 1, revision bits in words 3 and 5 and in the date register of SYSCON.
    registers: { [0x3ff5a00c]: (1 << 9) | (1 << 15), [0x3ff5a014]: 1 << 20, [0x3ff6607c]: 0x80000000 },
  },
  esp32s2: {
    label: 'ESP32-S2',
    magic: 0x000007c6,
    securityInfoSize: 12,
    romStatusSize: 4,
    smallRom: false,
    spi: { base: 0x3f402000, ...laterSpi },
    uart: { divider: 0x3f400014, crystal: 40e6, factor: 1 },
    registers: {},
  },
  esp32c2: {
    label: 'ESP32-C2',
    magic: 0x6f51306f,
    chipId: 12,
    securityInfoSize: 20,
    romStatusSize: 4,
    smallRom: false,
    spi: { base: 0x60002000, ...laterSpi },
    uart: { divider: 0x60000014, crystal: 26e6, factor: 1 },
    // Revision 1.0: for 0.0 esptool does without the stub. The lower half of the word belongs to the MAC.
    registers: { [0x60008844]: 1 << 20 },
  },
  esp32c3: {
    label: 'ESP32-C3',
    magic: 0x1b31506f,
    chipId: 5,
    securityInfoSize: 20,
    romStatusSize: 4,
    smallRom: false,
    spi: { base: 0x60002000, ...laterSpi },
    uart: { divider: 0x60000014, crystal: 40e6, factor: 1 },
    registers: { [0x60008850]: 4 << 18 },
  },
  esp32c6: {
    label: 'ESP32-C6',
    magic: 0x2ce0806f,
    chipId: 13,
    securityInfoSize: 20,
    romStatusSize: 4,
    smallRom: false,
    spi: { base: 0x60003000, ...laterSpi },
    uart: { divider: 0x60000014, crystal: 40e6, factor: 1 },
    registers: {},
  },
  esp8266: {
    label: 'ESP8266',
    magic: 0xfff0c101,
    securityInfoSize: 0,
    romStatusSize: 2,
    smallRom: true,
    spi: { base: 0x60000200, usr: 0x1c, usr2: 0x24, w0: 0x40 },
    uart: { divider: 0x60000014, crystal: 26e6, factor: 2 },
    registers: {},
  },
};

/** The registers that hold the MAC. `mac`: six bytes, the first one first. */
export function macRegisters(chip: ChipName, mac: Uint8Array): Record<number, number> {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  const low = ((c << 24) | (d << 16) | (e << 8) | f) >>> 0;
  const high = (a << 8) | b;
  switch (chip) {
    case 'esp8266':
      return { [0x3ff00050]: (f << 24) >>> 0, [0x3ff00054]: (d << 8) | e, [0x3ff0005c]: (a << 16) | (b << 8) | c };
    case 'esp32':
      return { [0x3ff5a004]: low, [0x3ff5a008]: high };
    case 'esp32s2':
      return { [0x3f41a044]: low, [0x3f41a048]: high };
    case 'esp32c2':
      return { [0x60008840]: low, [0x60008844]: high };
    case 'esp32c3':
      return { [0x60008844]: low, [0x60008848]: high };
    case 'esp32c6':
      return { [0x600b0844]: low, [0x600b0848]: high };
  }
}
