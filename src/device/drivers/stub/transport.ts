import type { Transport } from 'esptool-js';
import type { Clock } from '../../../core/clock.ts';
import { romBaud } from '../../chips.ts';
import type { Connection, ConnectionEvents, Lines, Port } from '../../connection.ts';
import { portLost } from '../../port-lost.ts';
import { hardReset } from './hard-reset.ts';
import { SlipReader, slipFrame } from './slip.ts';

type EsptoolJs = typeof import('esptool-js');

const syncOp = 0x08;

/** A frame, or why there will be none. */
type Waiter = { resolve(frame: Uint8Array): void; reject(error: Error): void };

/** What esptool-js talks through, with what we want to know besides. */
export interface ChipTransport extends Transport {
  /** What came since the last frame, as Latin-1 text: what the chip said while it booted tells why it does not answer. */
  readonly heard: string;
  /** The clock that all waits for this chip go by. */
  readonly clock: Clock;
  readonly traffic: { readonly sent: number; readonly received: number };
  /** From now on nothing is read or written: whoever waits, and every later call, gets this error. */
  fail(error: Error): void;
  /** Whoever waits gets this error; later calls are made as ever. */
  giveUp(error: Error): void;
  /** Throws what keeps any further word from the chip: the connection lost, an interruption. */
  throwIfFailed(): void;
  /** See `breakPhase` of the class. */
  breakPhase(): Promise<void>;
  /** From now on every second SYNC comes in the other phase. For a chip that is not reset first. */
  syncsInBothPhases: boolean;
  /** Holds the chip in reset for a moment; it starts its firmware then. Works after `fail`, and never throws. */
  hardReset(): Promise<void>;
}

/**
 * The transport of esptool-js over a port of ours. A subclass, since ESPLoader wants one; nothing of the class above is
 * used, for its reader polls every millisecond and copies its buffer for each byte, prints what it traces to stdout
 * (defect 3 of esptool-js.d.ts), and spins for ever in `disconnect` when the device is gone (defect 4). This one is
 * woken by the bytes and fails at once when the connection is lost.
 */
export function chipTransport(esptool: EsptoolJs, port: Port, clock: Clock, signal?: AbortSignal): ChipTransport {
  class PortTransport extends esptool.Transport implements ChipTransport {
    heard = '';
    readonly clock = clock;
    readonly traffic = { sent: 0, received: 0 };
    syncsInBothPhases = false;
    #syncs = 0;
    #connection: Connection | undefined;
    // As the systems have them when a port is opened.
    #lines: Lines = { dtr: true, rts: true };
    #frames: Uint8Array[] = [];
    #waiter: Waiter | undefined;
    readonly #underWay = new Set<(error: Error) => void>();
    #failure: Error | undefined;
    readonly #reader = new SlipReader((frame) => this.#deliver(frame));

    constructor() {
      super(undefined as never);
    }

    override async connect(baud = romBaud): Promise<void> {
      this.throwIfFailed();
      const events: ConnectionEvents = {
        data: (bytes) => {
          this.traffic.received += bytes.length;
          this.heard = (this.heard + Buffer.from(bytes.subarray(-2048)).toString('latin1')).slice(-2048);
          this.#reader.push(bytes);
        },
        lost: (reason) => this.fail(portLost(port.name, reason, this.traffic.received > 0)),
      };
      const opening = port.open(baud, events, signal);
      try {
        this.#connection = await this.#unlessFailed(opening);
      } catch (error) {
        // It may yet open when nobody waits for it any more.
        opening.then(
          (connection) => connection.close(),
          () => {},
        );
        throw error;
      }
      this.baudrate = baud;
    }

    /** Bytes come by themselves. */
    override async readLoop(): Promise<void> {}

    override async disconnect(): Promise<void> {
      const connection = this.#connection;
      this.#connection = undefined;
      this.flushInput();
      await connection?.close();
    }

    override async write(content: Uint8Array): Promise<void> {
      this.throwIfFailed();
      if (content[1] === syncOp && this.syncsInBothPhases && this.#syncs++ % 2 === 1) await this.breakPhase();
      const frame = slipFrame(content);
      this.traffic.sent += frame.length;
      await this.#unlessFailed(this.#open.write(frame));
    }

    /**
     * The stub takes an END for the start of a frame and the next one for its end, in turn. After a loss it may have them
     * the wrong way round, and then has for ever: one END more puts that right.
     */
    async breakPhase(): Promise<void> {
      this.throwIfFailed();
      this.traffic.sent++;
      await this.#unlessFailed(this.#open.write(slipFrame(new Uint8Array()).subarray(0, 1)));
    }

    override read(timeout: number): Promise<Uint8Array> {
      const frame = this.#frames.shift();
      if (frame) return Promise.resolve(frame);
      if (this.#failure) return Promise.reject(this.#failure);
      return new Promise((resolve, reject) => {
        const callOff = clock.timeout(timeout, () => {
          this.#waiter = undefined;
          reject(new Error(`no answer within ${timeout} ms`));
        });
        this.#waiter = {
          resolve(content) {
            callOff();
            resolve(content);
          },
          reject(error) {
            callOff();
            reject(error);
          },
        };
      });
    }

    override flushInput(): void {
      this.#frames = [];
      this.#reader.reset();
    }

    /** Waits until nothing more comes. The 100 ms of esptool-js are three times what the slowest bridge holds back. */
    override async drainInput(quiet = 30, longest = 300): Promise<void> {
      const end = clock.now() + longest;
      for (let before = -1; before !== this.traffic.received && clock.now() < end; ) {
        before = this.traffic.received;
        await clock.sleep(Math.min(quiet, 30));
      }
      this.flushInput();
    }

    /** esptool-js looks for the text of a boot here. */
    override peek(): Uint8Array {
      return Buffer.from(this.heard, 'latin1');
    }

    override inWaiting(): number {
      return this.#frames.length;
    }

    /** @returns false: the port was not reopened, and so the board was not reset by that. */
    override async changeBaudrate(baud: number): Promise<boolean> {
      this.throwIfFailed();
      await this.#unlessFailed(this.#open.setBaud(baud));
      this.baudrate = baud;
      return false;
    }

    async #setLines(lines: Lines): Promise<void> {
      this.throwIfFailed();
      this.#lines = lines;
      await this.#unlessFailed(this.#open.setLines(lines));
    }

    override setSignals(dtr = this.#lines.dtr, rts = this.#lines.rts): Promise<void> {
      return this.#setLines({ dtr, rts });
    }

    override setDTR(dtr: boolean): Promise<void> {
      return this.#setLines({ ...this.#lines, dtr });
    }

    override setRTS(rts: boolean): Promise<void> {
      return this.#setLines({ ...this.#lines, rts });
    }

    override getInfo(): string {
      return port.name;
    }

    override getVid(): number | undefined {
      return port.usb?.vendorId;
    }

    override getPid(): number | undefined {
      return port.usb?.productId;
    }

    override trace(): void {}

    /** Defect 1 of esptool-js: its hard reset leaves DTR asserted and so the chip as it is. */
    async hardReset(): Promise<void> {
      if (this.#connection) await hardReset(this.#connection, clock);
    }

    fail(error: Error): void {
      this.#failure ??= error;
      this.giveUp(this.#failure);
    }

    giveUp(error: Error): void {
      const waiter = this.#waiter;
      this.#waiter = undefined;
      waiter?.reject(error);
      for (const reject of this.#underWay) reject(error);
    }

    get #open(): Connection {
      if (this.#connection === undefined) throw portLost(port.name, 'it is not open', false);
      return this.#connection;
    }

    /** Waits for the connection, which may take its time, but not beyond `fail`. */
    async #unlessFailed<Value>(step: Promise<Value>): Promise<Value> {
      let stop: (error: Error) => void = () => {};
      const failed = new Promise<never>((_, reject) => {
        stop = reject;
        this.#underWay.add(stop);
      });
      try {
        return await Promise.race([step, failed]);
      } finally {
        this.#underWay.delete(stop);
      }
    }

    throwIfFailed(): void {
      if (this.#failure) throw this.#failure;
    }

    #deliver(frame: Uint8Array): void {
      this.heard = '';
      const waiter = this.#waiter;
      this.#waiter = undefined;
      if (waiter) waiter.resolve(frame);
      else this.#frames.push(frame);
    }
  }
  return new PortTransport();
}
