import { alignUp, concat } from '../../../src/core/bytes.ts';
import type { Core } from './core.ts';
import { Inflater } from './inflater.ts';
import { blockSize, sectorSize } from './nor-flash.ts';
import { programPages } from './program.ts';
import { checksumOf, dataHeaderSize, type Request, words } from './protocol.ts';
import { stubError } from './stub-errors.ts';

/** What inflates is written when so much of it is there (miniz, TINFL_LZ_DICT_SIZE), or all. */
const window = 32768;

/**
 * One write of the stub, from FLASH_BEGIN to FLASH_END (esp-flasher-stub, command_handler.c). It erases only as far as
 * it writes, and a little ahead while it inflates: cut half way, it leaves the sectors after that as they were. Sectors
 * before the first that holds anything are not erased, and from there on all are, in blocks where 64 KiB are whole.
 */
export class StubWrite {
  /** Bytes of the flash still to be written. */
  remaining: number;
  readonly #core: Core;
  readonly #inflater: Inflater | undefined;
  #at: number;
  #nextErase: number;
  readonly #eraseEnd: number;
  #dirtySeen = false;
  /** Until when the flash is busy erasing, by the clock. */
  #busyUntil = 0;
  #inflated: Uint8Array = new Uint8Array(0);

  constructor(core: Core, deflated: boolean, size: number, offset: number) {
    this.#core = core;
    this.#inflater = deflated ? new Inflater() : undefined;
    this.remaining = size;
    this.#at = offset;
    this.#nextErase = offset - (offset % sectorSize);
    this.#eraseEnd = alignUp(offset + size, sectorSize);
    this.#eraseNext();
  }

  /** What is known before the reply: whether the block came whole. @returns 0 or an error */
  check(request: Request): number {
    const bytes = request.data.subarray(dataHeaderSize);
    if (request.data.length < dataHeaderSize) return stubError.notEnoughData;
    if (words(request.data)(0) !== bytes.length) return stubError.tooMuchData;
    return checksumOf(bytes) === (request.checksum & 0xff) ? 0 : stubError.checksum;
  }

  /** The writing itself, after the reply. @returns 0 or an error */
  async take(request: Request): Promise<number> {
    const bytes = request.data.subarray(dataHeaderSize);
    if (!this.#inflater) return this.#write(bytes.subarray(0, this.remaining));
    this.#eraseNext();
    const out = this.#inflater.push(bytes);
    if (out === undefined) return stubError.inflate;
    await this.#core.spend((out.length / 1024) * this.#core.board.timing.inflatePerKiB);
    this.#inflated = concat([this.#inflated, out]);
    while (this.#inflated.length >= window || (this.#inflated.length > 0 && this.#inflated.length >= this.remaining)) {
      const error = await this.#write(this.#inflated.subarray(0, window));
      if (error !== 0) return error;
      this.#inflated = this.#inflated.slice(window);
      this.#eraseNext();
    }
    return 0;
  }

  async #write(bytes: Uint8Array): Promise<number> {
    const { flash } = this.#core.board;
    if (bytes.length > this.remaining) return stubError.tooMuchData;
    if (!flash.holds(this.#at, bytes.length)) return stubError.failedSpi;
    while (this.#nextErase < Math.min(this.#at + bytes.length, this.#eraseEnd)) {
      await this.#flashReady();
      this.#eraseNext();
    }
    await this.#flashReady();
    await programPages(this.#core, this.#at, bytes);
    this.#at += bytes.length;
    this.remaining -= bytes.length;
    return 0;
  }

  /** Starts to erase the next sector or block, unless the flash is still at the one before. */
  #eraseNext(): void {
    const { flash, timing, pace } = this.#core.board;
    if (this.#nextErase >= this.#eraseEnd || (pace.timed && this.#core.time < this.#busyUntil)) return;
    if (!this.#dirtySeen && flash.isErased(this.#nextErase, sectorSize)) {
      this.#core.time += (sectorSize / 1024) * timing.readPerKiB;
      this.#nextErase += sectorSize;
      return;
    }
    this.#dirtySeen = true;
    const whole = this.#nextErase % blockSize === 0 && this.#eraseEnd - this.#nextErase >= blockSize;
    flash.erase(this.#nextErase, whole ? blockSize : sectorSize);
    this.#busyUntil = this.#core.time + (whole ? timing.blockErase : timing.sectorErase);
    this.#nextErase += whole ? blockSize : sectorSize;
  }

  async #flashReady(): Promise<void> {
    await this.#core.spend(Math.max(0, this.#busyUntil - this.#core.time));
  }
}
