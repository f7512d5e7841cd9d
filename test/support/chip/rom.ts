import { createHash } from 'node:crypto';
import { alignUp } from '../../../src/core/bytes.ts';
import type { Core } from './core.ts';
import { Inflater } from './inflater.ts';
import { sectorSize } from './nor-flash.ts';
import { programPages } from './program.ts';
import { checksumOf, dataHeaderSize, op, parseRequest, type Reply, type Request, words } from './protocol.ts';
import { securityInfo } from './security.ts';
import { runStub } from './stub.ts';

/** Errors of the ROM (esptool docs, serial-protocol, "ROM Loader Errors"). */
const error = { invalidMessage: 0x05, wrongResult: 0x06, checksum: 0x07, flashRead: 0x09, inflate: 0x0b } as const;

/** What the ROM answers to SYNC with, for lack of anything better: the first word that it got. */
const syncValue = 0x20120707;

/**
 * The answer to what the ROM does not know, 8 times over (esptool/loader.py, `drain_input_buffer`). Its number is not
 * that of the request, or esptool would not tell it from a failure; that it is 0 is assumed.
 */
const refusal: Reply = { value: syncValue, error: 1, detail: error.invalidMessage };
const refusedOp = 0;

/** What secure download mode leaves (esptool docs, serial-protocol, "Supported in Secure Download Mode"). */
const secureDownload = new Set<number>([
  op.sync,
  op.spiAttach,
  op.spiSetParams,
  op.changeBaud,
  op.flashBegin,
  op.flashData,
  op.flashEnd,
  op.securityInfo,
]);

const smallRom = new Set<number>([
  op.sync,
  op.readReg,
  op.writeReg,
  op.memBegin,
  op.memData,
  op.memEnd,
  op.flashBegin,
  op.flashData,
  op.flashEnd,
]);

const largeRom = new Set<number>([
  ...smallRom,
  op.spiSetParams,
  op.spiAttach,
  op.readFlashSlow,
  op.changeBaud,
  op.flashDeflBegin,
  op.flashDeflData,
  op.flashDeflEnd,
  op.md5,
]);

/** The loader in the ROM, from a reset with IO0 low until it starts something else. */
export async function runRom(core: Core): Promise<void> {
  const rom = new Rom(core);
  for (;;) {
    const request = parseRequest(await core.next());
    if (request === undefined) continue;
    const treatment = core.board.received(request);
    await core.spend(core.board.timing.command);
    const known = rom.knows(request.op);
    const reply = treatment.alter(known ? await rom.serve(request) : refusal);
    const times = request.op === op.sync || !known ? 8 : 1;
    if (reply) core.answer(known ? request.op : refusedOp, reply, treatment, core.board.kind.romStatusSize, times);
    if (known && (reply?.error ?? 0) === 0 && (await rom.leaves(request))) return;
  }
}

class Rom {
  readonly #core: Core;
  #memory = { remaining: 0 };
  #write = { at: 0, remaining: 0 };
  #inflater = new Inflater();

  constructor(core: Core) {
    this.#core = core;
  }

  knows(code: number): boolean {
    const { kind, security } = this.#core.board;
    if (code === op.securityInfo) return kind.securityInfoSize > 0;
    if (security.secureDownload) return secureDownload.has(code);
    return (kind.smallRom ? smallRom : largeRom).has(code);
  }

  async serve(request: Request): Promise<Reply> {
    const { board } = this.#core;
    const word = words(request.data);
    switch (request.op) {
      case op.sync:
        return { value: syncValue };
      case op.readReg:
      case op.writeReg:
        return board.registers.answer(request, board.baud);
      case op.memBegin:
        this.#memory.remaining = word(0);
        return {};
      case op.memData:
        return this.#data(request, (bytes) => {
          this.#memory.remaining -= bytes.length;
          return this.#memory.remaining < 0 ? failed(error.wrongResult) : {};
        });
      case op.memEnd:
        return this.#memory.remaining === 0 ? {} : failed(error.wrongResult);
      case op.flashBegin:
      case op.flashDeflBegin:
        return this.#flashBegin(request);
      case op.flashData:
        return this.#data(request, (bytes) => this.#program(bytes));
      case op.flashDeflData:
        return this.#data(request, (bytes) => this.#inflate(bytes));
      case op.md5:
        return this.#md5(word(0), word(1));
      case op.readFlashSlow:
        return this.#readSlow(word(0), word(1));
      case op.securityInfo:
        return { data: securityInfo(board.name, board.security) };
      default:
        return {};
    }
  }

  /** What happens after the reply; true where the ROM ends. */
  async leaves(request: Request): Promise<boolean> {
    const { board } = this.#core;
    const word = words(request.data);
    switch (request.op) {
      case op.memEnd:
        if (word(1) !== 0) await runStub(this.#core);
        return word(1) !== 0;
      case op.flashEnd:
      case op.flashDeflEnd:
        board.restart();
        return true;
      case op.changeBaud:
        // The ROM of the C2 believes in a crystal of 40 MHz where there is one of 26 (esptool, targets/esp32c2.py).
        board.setBaud(board.name === 'esp32c2' ? Math.round((word(0) * 26) / 40) : word(0));
        return false;
      default:
        return false;
    }
  }

  async #flashBegin(request: Request): Promise<Reply> {
    const { board } = this.#core;
    const word = words(request.data);
    // From the S2 on there is a fifth word, for encryption; the ROMs before take four.
    const size = board.name === 'esp32' || board.name === 'esp8266' ? [16, 20] : [20];
    if (!size.includes(request.data.length)) return failed(error.invalidMessage);
    const offset = word(3);
    const total = word(1) * word(2);
    // The ESP8266 erases more than it is told (esptool, targets/esp8266.py, get_erase_size): here, what is then written.
    const erase = alignUp((offset % sectorSize) + (board.kind.smallRom ? total : word(0)), sectorSize);
    this.#write = { at: offset, remaining: request.op === op.flashBegin ? total : word(0) };
    this.#inflater = new Inflater();
    board.flash.erase(offset - (offset % sectorSize), erase);
    await this.#core.spend((erase / sectorSize) * board.timing.sectorErase);
    return {};
  }

  async #data(request: Request, take: (bytes: Uint8Array) => Reply | Promise<Reply>): Promise<Reply> {
    const bytes = request.data.subarray(dataHeaderSize);
    if (words(request.data)(0) !== bytes.length) return failed(error.invalidMessage);
    if (checksumOf(bytes) !== (request.checksum & 0xff)) return failed(error.checksum);
    return take(bytes);
  }

  async #program(bytes: Uint8Array): Promise<Reply> {
    const wanted = bytes.subarray(0, Math.max(0, this.#write.remaining));
    await programPages(this.#core, this.#write.at, wanted);
    this.#write.at += wanted.length;
    this.#write.remaining -= wanted.length;
    return {};
  }

  async #inflate(bytes: Uint8Array): Promise<Reply> {
    const out = this.#inflater.push(bytes);
    return out ? this.#program(out) : failed(error.inflate);
  }

  async #md5(offset: number, size: number): Promise<Reply> {
    const { flash, timing } = this.#core.board;
    if (!flash.holds(offset, size)) return failed(error.flashRead);
    await this.#core.spend((size / 1024) * (timing.readPerKiB + timing.md5PerKiB));
    const hex = createHash('md5').update(flash.read(offset, size)).digest('hex');
    return { data: new TextEncoder().encode(hex) };
  }

  #readSlow(offset: number, size: number): Reply {
    const { flash } = this.#core.board;
    if (size > 64 || !flash.holds(offset, size)) return failed(error.flashRead);
    const data = new Uint8Array(64);
    data.set(flash.read(offset, size));
    return { data };
  }
}

const failed = (detail: number): Reply => ({ error: 1, detail });
