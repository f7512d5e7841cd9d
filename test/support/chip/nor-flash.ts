import { erased } from '../../../src/core/bytes.ts';

export const sectorSize = 4096;
export const blockSize = 65536;
export const pageSize = 256;

/** Bytes that were programmed, or erased, in one go. */
export interface Touched {
  readonly offset: number;
  readonly size: number;
}

/** Thrown out of `program` or `erase` where the power goes in the middle of it. */
export class PowerLost extends Error {}

/**
 * A NOR flash: erasing sets whole sectors to FF, programming only clears bits, so that what was not erased before it was
 * programmed is wrong afterwards, as on a real one.
 */
export class NorFlash {
  readonly bytes: Uint8Array;
  /** Numbers of the sectors erased, in order. */
  readonly erasedSectors: number[] = [];
  readonly programmed: Touched[] = [];
  /** Asked before each page is programmed: how many of its bytes may be. Fewer than asked for means the power goes. */
  allow: (size: number) => number = (size) => size;

  constructor(size: number, content: Uint8Array = new Uint8Array(0)) {
    this.bytes = erased(size);
    this.bytes.set(content.subarray(0, size));
  }

  /** `0x164020` for 4 MB: Winbond-like, the third byte is the logarithm of the size. */
  get id(): number {
    return (Math.log2(this.bytes.length) << 16) | 0x4020;
  }

  holds(offset: number, size: number): boolean {
    return offset >= 0 && size >= 0 && offset + size <= this.bytes.length;
  }

  read(offset: number, size: number): Uint8Array {
    return this.bytes.slice(offset, offset + size);
  }

  isErased(offset: number, size: number): boolean {
    return this.bytes.subarray(offset, offset + size).every((byte) => byte === 0xff);
  }

  /** Whole sectors; beyond the end nothing happens. */
  erase(offset: number, size: number): void {
    for (let at = offset; at < Math.min(offset + size, this.bytes.length); at += sectorSize) {
      this.bytes.fill(0xff, at, at + sectorSize);
      this.erasedSectors.push(at / sectorSize);
    }
  }

  /** Within one page, or rather: as one step of the clock. */
  program(offset: number, bytes: Uint8Array): void {
    const size = Math.min(this.allow(bytes.length), bytes.length);
    for (let index = 0; index < size; index++) {
      const at = offset + index;
      const old = this.bytes[at];
      const wanted = bytes[index];
      if (old !== undefined && wanted !== undefined) this.bytes[at] = old & wanted;
    }
    if (size > 0) this.programmed.push({ offset, size });
    if (size < bytes.length) throw new PowerLost('the power went while a page was programmed');
  }

  forget(): void {
    this.erasedSectors.length = 0;
    this.programmed.length = 0;
  }
}
