import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { hex } from '../../../core/bytes.ts';
import type { Cancel } from '../../../core/clock.ts';
import type { Range } from '../../../core/range.ts';
import { grouped } from '../../../core/text.ts';
import { romBaud } from '../../chips.ts';
import { type After, DeviceError, deviceTitle, type FlashAccess, type OnProgress, type Run } from '../../device.ts';
import { interrupted } from '../../interrupted.ts';
import { garbled, ops, type Stub } from './stub.ts';
import type { ChipTransport } from './transport.ts';

/** Times that esptool gives the chip: milliseconds for a megabyte, three seconds at least. */
const patience = (bytes: number, perMegabyte: number): number => Math.max(3000, (bytes / 1_000_000) * perMegabyte);
const md5PerMegabyte = 8000;
const writePerMegabyte = 40_000;

const attempts = 3;

/** Milliseconds that the chip has for the block in hand when Ctrl-C comes; with the leaving behind it, below a second. */
const graceTime = 450;

/** What the stub sends at once while it reads flash, and how much of that may be on its way unacknowledged. */
const readBlock = 0x1000;
const readAhead = 2 * readBlock;
/** Bytes that are read and verified in one go: what goes wrong costs no more than these, however long the whole is. */
const readAtOnce = 0x20000;

interface Connection {
  /** Bytes of the flash. */
  readonly size: number;
  readonly transport: ChipTransport;
  readonly stub: Stub;
  /** True where the chip can be reset over this port. */
  readonly hasLines: boolean;
  /** Bytes that the stub takes at once over this port. */
  readonly largestBlock: number;
  readonly signal?: AbortSignal;
}

/** The flash of a chip that runs the stub. */
export class StubFlash implements FlashAccess {
  readonly title = deviceTitle;
  readonly size: number;
  readonly #transport: ChipTransport;
  readonly #stub: Stub;
  readonly #hasLines: boolean;
  readonly #largestBlock: number;
  readonly #signal: AbortSignal | undefined;
  #endGrace: Cancel | undefined;
  /** What is in hand is ended, unless that takes too long: then nothing is waited for. */
  readonly #onAbort = (): void => {
    const { clock } = this.#transport;
    this.#endGrace = clock.timeout(graceTime, () => this.#transport.giveUp(interrupted()));
  };
  /** A deflated stream was broken off: see `#writeRun`. */
  #plain = false;

  constructor({ size, transport, stub, hasLines, largestBlock, signal }: Connection) {
    this.size = size;
    this.#transport = transport;
    this.#stub = stub;
    this.#hasLines = hasLines;
    this.#largestBlock = largestBlock;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  async digest(ranges: readonly Range[]): Promise<string[]> {
    const sums: string[] = [];
    for (const range of ranges) sums.push(await this.#patiently(() => this.#md5(range)));
    return sums;
  }

  async #md5({ offset, size }: Range): Promise<string> {
    const what = `verify ${grouped(size)} bytes at ${hex(offset)}`;
    const timeout = patience(size, md5PerMegabyte);
    const sum = await this.#stub.send({ what, op: ops.md5, words: [offset, size, 0, 0], reply: 16, timeout });
    return Buffer.from(sum).toString('hex');
  }

  async read({ offset, size }: Range, onProgress: OnProgress = () => {}): Promise<Uint8Array> {
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size; done += readAtOnce) {
      const part = { offset: offset + done, size: Math.min(readAtOnce, size - done) };
      bytes.set(await this.#patiently(() => this.#read(part, (of) => onProgress(done + of, size))), done);
    }
    return bytes;
  }

  async #read({ offset, size }: Range, onProgress: OnProgress): Promise<Uint8Array> {
    const what = `read ${grouped(size)} bytes at ${hex(offset)}`;
    const bytes = new Uint8Array(size);
    await this.#stub.send({ what, op: ops.readFlash, words: [offset, size, readBlock, readAhead] });
    for (let done = 0; done < size; ) {
      this.#throwIfInterrupted();
      const block = await this.#stub.frame(what, 3000);
      if (block.length !== Math.min(readBlock, size - done)) throw new DeviceError(garbled(what, 'bytes got lost'));
      bytes.set(block, done);
      done += block.length;
      await this.#stub.acknowledge(done);
      onProgress(done, size);
    }
    // Defect 7 of esptool-js: it leaves this frame unread, and with it whether the bytes are right.
    const sum = await this.#stub.frame(what, 3000);
    if (!createHash('md5').update(bytes).digest().equals(sum)) {
      throw new DeviceError(garbled(what, 'what arrived is not what the chip sent'));
    }
    return bytes;
  }

  async write(runs: readonly Run[], onProgress: OnProgress = () => {}): Promise<void> {
    const total = runs.reduce((sum, { bytes }) => sum + bytes.length, 0);
    let done = 0;
    for (const run of runs) {
      await this.#patiently(() => this.#writeRun(run, (part) => onProgress(done + part, total)));
      done += run.bytes.length;
    }
  }

  /**
   * Deflated here, so that esptool-js need not inflate each block again to know its length (its defect 9). The stub inflates
   * into a buffer that it does not empty when a stream is broken off: what is left there would go out in front of the
   * next stream (esptool: flasher_stub/stub_write_flash.c, `next_out`). So after a break the rest goes plain.
   */
  async #writeRun({ offset, bytes }: Run, onPart: (done: number) => void): Promise<void> {
    const what = `write ${grouped(bytes.length)} bytes at ${hex(offset)}`;
    const plain = this.#plain;
    const stream = plain ? bytes : deflateSync(bytes, { level: 9 });
    const [begin, data, end] = plain
      ? [ops.flashBegin, ops.flashData, ops.flashEnd]
      : [ops.deflateBegin, ops.deflateData, ops.deflateEnd];
    const timeout = patience(bytes.length, writePerMegabyte);
    const blockSize = this.#blockSize();
    const blocks = Math.ceil(stream.length / blockSize);
    await this.#stub.send({ what, op: begin, words: [bytes.length, blocks, blockSize, offset], timeout });
    this.#plain = true;
    for (let block = 0; block < blocks; block++) {
      this.#throwIfInterrupted();
      const part = stream.subarray(block * blockSize, (block + 1) * blockSize);
      await this.#stub.send({ what, op: data, words: [part.length, block, 0, 0], data: part, timeout });
      onPart(Math.round((bytes.length * (block + 1)) / blocks));
    }
    // 1: stay in the stub. It answers when the last block is written, with what went wrong on the way.
    await this.#stub.send({ what, op: end, words: [1], timeout });
    this.#plain = plain;
  }

  /** A block that is on its way is waited for at an interruption: a third of a second at most. */
  #blockSize(): number {
    return Math.min(this.#largestBlock, this.#transport.baudrate > romBaud ? 0x4000 : 0x1000);
  }

  /** Again from the start where the wire was at fault, and the chip is still there. */
  async #patiently<T>(step: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      this.#throwIfInterrupted();
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof DeviceError) || error.diagnostic.code === 'interrupted' || attempt === attempts)
          throw error;
        this.#transport.throwIfFailed();
        // What went wrong at first says more than that nobody answers any more.
        if (!(await this.#stub.resync())) throw error;
      }
    }
  }

  #throwIfInterrupted(): void {
    if (this.#signal?.aborted) throw interrupted();
  }

  /** Resets the chip or leaves it in the stub, and closes the connection. */
  async close(after: After): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#endGrace?.();
    if (after === 'hard-reset' && this.#hasLines) await this.#transport.hardReset();
    else await this.#leaveAtRomBaud();
    await this.#transport.disconnect();
  }

  /** So that whoever comes next finds the stub at the rate at which one looks for it. */
  async #leaveAtRomBaud(): Promise<void> {
    const baud = this.#transport.baudrate;
    if (baud === romBaud) return;
    try {
      await this.#stub.send({
        what: 'go back to 115,200 baud',
        op: ops.changeBaud,
        words: [romBaud, baud],
        timeout: 350,
      });
    } catch {
      // It does not answer: then there is nothing to leave behind.
    }
  }
}
