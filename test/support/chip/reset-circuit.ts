import type { Cancel, Clock } from '../../../src/core/clock.ts';
import type { Lines } from '../../../src/device/connection.ts';

/**
 * The two transistors between DTR, RTS and the chip: RTS alone pulls EN low, DTR alone pulls IO0 low, both together do
 * nothing. (Espressif's ESP32-DevKitC schematic; docs of esptool, "Boot Mode Selection", Automatic Bootloader.)
 */
export class ResetCircuit {
  readonly #hold: () => void;
  readonly #boot: (into: 'app' | 'rom') => void;
  readonly #rise: number;
  readonly #clock: Clock;
  #enable = true;
  #io0 = true;
  #callOff: Cancel = () => {};

  /** @param rise milliseconds: EN rises slowly, by a resistor and a capacitor, and IO0 is read when it has */
  constructor(clock: Clock, rise: number, hold: () => void, boot: (into: 'app' | 'rom') => void) {
    this.#clock = clock;
    this.#rise = rise;
    this.#hold = hold;
    this.#boot = boot;
  }

  set({ dtr, rts }: Lines): void {
    this.#io0 = !(dtr && !rts);
    const enable = !(rts && !dtr);
    if (enable === this.#enable) return;
    this.#enable = enable;
    this.#callOff();
    if (enable) this.#callOff = this.#clock.timeout(this.#rise, () => this.#boot(this.#io0 ? 'app' : 'rom'));
    else this.#hold();
  }

  stop(): void {
    this.#callOff();
  }
}
