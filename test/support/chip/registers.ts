import type { ChipKind } from './chips.ts';
import { op, type Reply, type Request, words } from './protocol.ts';

/** Register 0x40001000: different on each chip, the same on all chips of a kind. */
const magicAddress = 0x40001000;
const spiUserCommand = 1 << 18;
const readFlashId = 0x9f;

/** The address space as READ_REG and WRITE_REG see it. What was never set reads 0. */
export class Registers {
  readonly #words = new Map<number, number>();
  readonly #kind: ChipKind;
  readonly #flashId: number;

  /** @param flashId as the flash answers to 9F: manufacturer in the low byte, size in the third. */
  constructor(kind: ChipKind, words: readonly Readonly<Record<number, number>>[], flashId: number) {
    this.#kind = kind;
    this.#flashId = flashId;
    this.#words.set(magicAddress, kind.magic);
    for (const set of [kind.registers, ...words]) {
      // Two facts may share a word, such as the MAC and the revision of the C2.
      for (const [address, value] of Object.entries(set)) {
        this.#words.set(Number(address), (this.#get(Number(address)) | value) >>> 0);
      }
    }
  }

  /** What READ_REG and WRITE_REG are answered with, by ROM and stub alike. */
  answer({ op: code, data }: Request, baud: number): Reply {
    const word = words(data);
    if (code === op.readReg) return { value: this.read(word(0), baud) };
    for (let at = 0; at < data.length / 4; at += 4) this.write(word(at), word(at + 1), word(at + 2));
    return {};
  }

  /** @param baud by which UART0 is divided from the crystal, which is how esptool finds the crystal. */
  read(address: number, baud: number): number {
    const { divider, crystal, factor } = this.#kind.uart;
    return address === divider ? Math.round((crystal * factor) / baud) : this.#get(address);
  }

  write(address: number, value: number, mask: number): void {
    const word = ((value & mask) | (this.#get(address) & ~mask)) >>> 0;
    const { base, usr2, w0 } = this.#kind.spi;
    if (address === base && word & spiUserCommand) {
      // The user command runs at once: the flag reads 0 afterwards, and the answer stands in W0.
      const command = this.#get(base + usr2) & 0xff;
      this.#words.set(base + w0, command === readFlashId ? this.#flashId : 0);
      this.#words.set(base, (word & ~spiUserCommand) >>> 0);
    } else {
      this.#words.set(address, word);
    }
  }

  #get(address: number): number {
    return this.#words.get(address) ?? 0;
  }
}
