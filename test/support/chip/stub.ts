import { createHash } from 'node:crypto';
import type { Core } from './core.ts';
import { blockSize, sectorSize } from './nor-flash.ts';
import { op, parseRequest, type Reply, type Request, words } from './protocol.ts';
import { securityInfo } from './security.ts';
import { stubError } from './stub-errors.ts';
import { StubWrite } from './stub-write.ts';

/** The sizes of requests that the stub insists on (esp-flasher-stub, commands.h). */
const sizes: Readonly<Record<number, readonly number[]>> = {
  [op.sync]: [36],
  [op.readReg]: [4],
  [op.memBegin]: [16],
  [op.memEnd]: [8],
  [op.spiAttach]: [4],
  [op.spiSetParams]: [24],
  [op.changeBaud]: [8],
  [op.flashBegin]: [16, 20],
  [op.flashDeflBegin]: [16, 20],
  [op.flashEnd]: [4],
  [op.flashDeflEnd]: [4],
  [op.md5]: [16],
  [op.securityInfo]: [0],
  [op.readFlash]: [16],
  [op.eraseRegion]: [8],
};

/** The stub, from its greeting on. Modelled on esp-flasher-stub 1.1, the one that esptool-js 0.7 carries. */
export async function runStub(core: Core): Promise<void> {
  core.board.setMode('stub');
  core.strictFrames();
  core.send(new TextEncoder().encode('OHAI'));
  const stub = new Stub(core);
  // Work goes on after a reply; what fails then is the answer to the next request, which is not carried out.
  let failure = 0;
  for (;;) {
    const request = parseRequest(await core.next());
    if (request === undefined) continue;
    const treatment = core.board.received(request);
    await core.spend(core.board.timing.command);
    if (request.op === op.runUserCode) return core.board.restart();
    const reply = treatment.alter(failure === 0 ? await stub.serve(request) : { error: failure });
    if (reply) core.answer(request.op, reply, treatment, 2, request.op === op.sync ? 8 : 1);
    const done = failure === 0 && (reply?.error ?? 0) === 0;
    failure = done ? await stub.afterwards(request) : 0;
  }
}

class Stub {
  readonly #core: Core;
  #memory: { remaining: number } | undefined;
  #write: StubWrite | undefined;

  constructor(core: Core) {
    this.#core = core;
  }

  async serve(request: Request): Promise<Reply> {
    const { board } = this.#core;
    const word = words(request.data);
    if (request.size !== request.data.length) return { error: stubError.dataLength };
    if (sizes[request.op]?.includes(request.data.length) === false) return { error: stubError.dataLength };
    switch (request.op) {
      case op.sync:
      case op.spiAttach:
      case op.spiSetParams:
      case op.changeBaud:
      case op.readFlash:
        return {};
      case op.readReg:
      case op.writeReg:
        return board.registers.answer(request, board.baud);
      case op.memBegin:
        this.#memory = { remaining: word(0) };
        return {};
      case op.memData:
        if (!this.#memory) return { error: stubError.notInFlashMode };
        this.#memory.remaining -= word(0);
        return this.#memory.remaining < 0 ? { error: stubError.tooMuchData } : {};
      case op.memEnd:
        return this.#memory ? {} : { error: stubError.notInFlashMode };
      case op.flashBegin:
      case op.flashDeflBegin:
        this.#write = new StubWrite(this.#core, request.op === op.flashDeflBegin, word(0), word(3));
        return {};
      case op.flashData:
      case op.flashDeflData:
        return { error: this.#write ? this.#write.check(request) : stubError.notInFlashMode };
      case op.flashEnd:
      case op.flashDeflEnd:
        return this.#flashEnd();
      case op.md5:
        return this.#md5(word(0), word(1));
      case op.eraseFlash:
        board.flash.erase(0, board.flash.bytes.length);
        await this.#core.spend((board.flash.bytes.length / 2 ** 20) * board.timing.chipErasePerMiB);
        return {};
      case op.eraseRegion:
        return this.#erase(word(0), word(1));
      case op.securityInfo:
        if (board.kind.securityInfoSize === 0) return { error: stubError.notImplemented };
        return { data: securityInfo(board.name, board.security) };
      default:
        return { error: request.op > op.runUserCode ? stubError.notImplemented : stubError.invalidCommand };
    }
  }

  /** What the stub does once the reply is out. @returns the error that the next request is answered with */
  async afterwards(request: Request): Promise<number> {
    const word = words(request.data);
    switch (request.op) {
      case op.flashData:
      case op.flashDeflData:
        return (await this.#write?.take(request)) ?? 0;
      case op.changeBaud:
        this.#core.board.setBaud(word(0));
        return 0;
      case op.readFlash:
        return this.#readFlash(word(0), word(1), word(2));
      case op.memEnd:
        this.#memory = undefined;
        if (word(0) === 0) this.#core.send(new TextEncoder().encode('OHAI'));
        return 0;
      default:
        return 0;
    }
  }

  #flashEnd(): Reply {
    if (!this.#write) return { error: stubError.notInFlashMode };
    if (this.#write.remaining !== 0) return { error: stubError.dataLength };
    this.#write = undefined;
    return {};
  }

  async #md5(offset: number, size: number): Promise<Reply> {
    const { flash, timing } = this.#core.board;
    if (!flash.holds(offset, size)) return { error: stubError.failedSpi };
    await this.#core.spend((size / 1024) * (timing.readPerKiB + timing.md5PerKiB));
    return { data: createHash('md5').update(flash.read(offset, size)).digest() };
  }

  async #erase(offset: number, size: number): Promise<Reply> {
    const { flash, timing } = this.#core.board;
    if (offset % sectorSize !== 0 || size % sectorSize !== 0) return { error: stubError.dataLength };
    for (let done = 0; done < size; ) {
      const whole = (offset + done) % blockSize === 0 && size - done >= blockSize;
      const step = whole ? blockSize : sectorSize;
      flash.erase(offset + done, step);
      await this.#core.spend(whole ? timing.blockErase : timing.sectorErase);
      done += step;
    }
    return {};
  }

  /** One packet is in flight at a time, whatever the request allows (esp-flasher-stub, s_read_flash_post_process). */
  async #readFlash(offset: number, size: number, packet: number): Promise<number> {
    const { flash, timing } = this.#core.board;
    if (packet > sectorSize) return stubError.dataLength;
    if (!flash.holds(offset, size)) return stubError.failedSpi;
    const digest = createHash('md5');
    let acknowledged = 0;
    for (let sent = 0; sent < size || acknowledged < size; ) {
      const bytes = flash.read(offset + sent, Math.min(packet, size - sent));
      if (bytes.length > 0) {
        await this.#core.spend((bytes.length / 1024) * (timing.readPerKiB + timing.md5PerKiB));
        digest.update(bytes);
        this.#core.send(bytes);
        sent += bytes.length;
      }
      const frame = await this.#core.next();
      if (frame.length !== 4) break;
      acknowledged = words(frame)(0);
    }
    this.#core.send(digest.digest());
    return 0;
  }
}
