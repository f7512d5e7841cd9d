import type { Lines } from '../../../src/flash/link.ts';

/**
 * The two transistors between DTR, RTS and the chip: RTS alone pulls EN low, DTR alone pulls IO0 low, both together do
 * nothing. (Espressif's ESP32-DevKitC schematic; docs of esptool, "Boot Mode Selection", Automatic Bootloader.)
 */
export class ResetCircuit {
  readonly #hold: () => void;
  readonly #boot: (into: 'app' | 'rom') => void;
  readonly #rise: number;
  #enable = true;
  #io0 = true;
  #rising: NodeJS.Timeout | undefined;

  /** @param rise milliseconds: EN rises slowly, by a resistor and a capacitor, and IO0 is read when it has */
  constructor(rise: number, hold: () => void, boot: (into: 'app' | 'rom') => void) {
    this.#rise = rise;
    this.#hold = hold;
    this.#boot = boot;
  }

  set({ dtr, rts }: Lines): void {
    this.#io0 = !(dtr && !rts);
    const enable = !(rts && !dtr);
    if (enable === this.#enable) return;
    this.#enable = enable;
    clearTimeout(this.#rising);
    if (enable) this.#rising = setTimeout(() => this.#boot(this.#io0 ? 'app' : 'rom'), this.#rise);
    else this.#hold();
  }

  stop(): void {
    clearTimeout(this.#rising);
  }
}
