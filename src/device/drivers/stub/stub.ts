import { hex } from '../../../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { DeviceError } from '../../device.ts';
import type { ChipTransport } from './transport.ts';

/** Commands of the stub, the small program that the loader runs in the chip's RAM (esptool: docs, Serial Protocol). */
export const ops = {
  sync: 0x08,
  changeBaud: 0x0f,
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  deflateBegin: 0x10,
  deflateData: 0x11,
  deflateEnd: 0x12,
  md5: 0x13,
  readFlash: 0xd2,
} as const;

export interface Command {
  /** What it does, for messages: `erase and write 0x21000`. */
  readonly what: string;
  readonly op: number;
  /** Arguments, each a little-endian 32-bit word. */
  readonly words: readonly number[];
  /** Bytes behind the arguments; the checksum is over them. */
  readonly data?: Uint8Array;
  /** Bytes of the reply's body, before the two of its status. */
  readonly reply?: number;
  /** Milliseconds. */
  readonly timeout?: number;
}

const replyTimeout = 3000;
const statusLength = 2;

/**
 * The stub's side of the wire, one command at a time. The command functions of esptool-js are not used for it: they
 * give every frame that is no reply the whole time anew, up to a hundred times, and send a block of a deflated stream
 * again where only its reply was lost, which the stub then inflates twice.
 */
export class Stub {
  readonly #transport: ChipTransport;
  #fences = 0;

  constructor(transport: ChipTransport) {
    this.#transport = transport;
  }

  /** Sends a command and gives the body of its reply. */
  async send({ what, op, words, data, reply = 0, timeout = replyTimeout }: Command): Promise<Uint8Array> {
    const body = await this.#exchange(what, request(op, words, data), timeout);
    const failed = body.length < reply + statusLength;
    const [status = 0, reason = 0] = body.subarray(failed ? 0 : reply);
    if (status !== 0) throw new DeviceError(refused(what, status, reason));
    if (failed) throw new DeviceError(garbled(what, 'the reply is too short'));
    return body.subarray(0, reply);
  }

  /** Sends a request and gives the body of its reply, status and all. */
  async #exchange(what: string, packet: Uint8Array, timeout: number): Promise<Uint8Array> {
    this.#transport.flushInput();
    await this.#transport.write(packet);
    const { clock } = this.#transport;
    const end = clock.now() + timeout;
    for (;;) {
      const frame = await this.frame(what, end - clock.now());
      // 01 op length16 value32 body status; anything else is noise, or the reply to an earlier command.
      if (frame.length >= 8 + statusLength && frame[0] === 1 && frame[1] === packet[1]) return frame.subarray(8);
    }
  }

  /** The next frame, reply or not. @param timeout milliseconds */
  async frame(what: string, timeout: number): Promise<Uint8Array> {
    try {
      return await this.#transport.read(Math.max(timeout, 1));
    } catch (error) {
      if (error instanceof DeviceError) throw error;
      throw new DeviceError(silent(what, this.#transport.heard), { cause: error });
    }
  }

  /** Sends bytes that are no command: what the stub waits for while it sends flash. */
  acknowledge(count: number): Promise<void> {
    return this.#transport.write(wordsOf([count]));
  }

  /**
   * Gets back in step after a reply went missing or came damaged. Also ends a read that the stub waits in: whatever is
   * no acknowledgement ends it. False where it does not answer any more.
   */
  async resync(): Promise<boolean> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      await this.#transport.drainInput();
      if (attempt > 1) await this.#transport.breakPhase();
      try {
        await this.send({ what: 'get back in step', op: ops.sync, words: syncWords, timeout: 500 });
        await this.#fence();
        return true;
      } catch {
        this.#transport.throwIfFailed();
      }
    }
    return false;
  }

  /**
   * Replies say what they answer by the kind of command alone: one that is held up on its way would be taken for that to
   * the next question of its kind, and the MD5 of one range for that of another. A command that does not exist is
   * answered by its own number, another one each time: behind that reply comes none to anything before it.
   */
  async #fence(): Promise<void> {
    this.#fences = (this.#fences + 1) % unknownOps.count;
    await this.#exchange('get back in step', request(unknownOps.first + this.#fences, []), 500);
  }
}

/** Numbers that no command of ROM or stub has (esp-flasher-stub: commands.h). */
const unknownOps = { first: 0x40, count: 0x40 };

/** 07 07 12 20 and 32 times 55. */
const syncWords = [0x20120707, ...Array<number>(8).fill(0x55555555)];

/** `00 op length16 checksum32 arguments data`; the checksum is 0xEF and each byte of the data, by exclusive or. */
function request(op: number, words: readonly number[], data: Uint8Array = new Uint8Array()): Uint8Array {
  const packet = new Uint8Array(8 + 4 * words.length + data.length);
  const view = new DataView(packet.buffer);
  packet[1] = op;
  view.setUint16(2, packet.length - 8, true);
  view.setUint32(
    4,
    data.reduce((sum, byte) => sum ^ byte, data.length > 0 ? 0xef : 0),
    true,
  );
  packet.set(wordsOf(words), 8);
  packet.set(data, 8 + 4 * words.length);
  return packet;
}

function wordsOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setUint32(4 * index, word, true);
  return bytes;
}

export const garbled = (what: string, how: string): Diagnostic =>
  diagnostic('chip-garbled', `could not ${what}: ${how}`, {
    hint: 'try a lower rate (--baud 115200), a shorter cable or another USB port, and run it again',
  });

/**
 * @param heard what came since the last answer. A chip that starts anew says so at a rate of its own, and is nonsense at
 * any other.
 */
function silent(what: string, heard: string): Diagnostic {
  if (heard.length > 16) {
    return diagnostic('chip-silent', `could not ${what}: the board started anew`, {
      hint: 'its supply may be too weak (try another USB port or cable), or a watchdog resets it; then run it again',
    });
  }
  return diagnostic('chip-silent', `could not ${what}: the chip stopped answering`, {
    hint: 'check cable and power, try --baud 115200, and run it again: it goes on with what is missing',
  });
}

/** Error codes of the stub (esptool: flasher_stub/include/stub_flasher.h). */
const reasons: ReadonlyMap<number, string> = new Map([
  [0xc0, 'wrong length of data'],
  [0xc1, 'wrong checksum of data'],
  [0xc2, 'block too large'],
  [0xc3, 'invalid command'],
  [0xc4, 'the flash chip refused to write'],
  [0xc5, 'the flash chip cannot be unlocked'],
  [0xc6, 'not in flash mode'],
  [0xc7, 'compressed data damaged'],
  [0xc8, 'not enough data'],
  [0xc9, 'too much data'],
  [0xff, 'unknown command'],
]);

function refused(what: string, status: number, reason: number): Diagnostic {
  const why = reasons.get(status) ?? `error ${hex(status)} ${hex(reason)}`;
  return diagnostic('chip-refused', `could not ${what}: the chip answers "${why}"`, {
    hint: 'try a lower rate (--baud 115200) and run it again; if it stays, the flash chip may be write-protected',
  });
}
