import type { Lines, Way } from '../../../src/flash/link.ts';
import { applicationText, bootBaud, bootText } from './boot-text.ts';
import { type ChipKind, type ChipName, chipKinds, macRegisters } from './chips.ts';
import { type Board, Core, Stopped } from './core.ts';
import { Faults } from './faults.ts';
import { Line } from './line.ts';
import { NorFlash, PowerLost, type Touched } from './nor-flash.ts';
import { pipeTo } from './pipe.ts';
import { dataHeaderSize, type OpName, op, opName, type Request, words } from './protocol.ts';
import { Registers } from './registers.ts';
import { ResetCircuit } from './reset-circuit.ts';
import { runRom } from './rom.ts';
import { type Security, securityRegisters } from './security.ts';
import { runStub } from './stub.ts';
import { Clock, noTime, type Timing, typicalTiming } from './timing.ts';

export type Mode = 'off' | 'app' | 'rom' | 'stub';

export interface ChipOptions {
  /** esp32c3 where not said. */
  readonly chip?: ChipName;
  /** Bytes, a power of two from 1 to 16 MiB; 4 MiB where not said. */
  readonly flashSize?: number;
  /** `a1:b2:c3:d4:e5:f6`. */
  readonly mac?: string;
  /** From the start of the flash on; the rest is erased. */
  readonly flash?: Uint8Array;
  readonly flashEncryption?: boolean;
  readonly secureBoot?: boolean;
  readonly secureDownload?: boolean;
  /** Whether DTR and RTS reach EN and IO0; true where not said. */
  readonly lines?: boolean;
  /** What runs at first: `app` with lines and `rom` without, where not said. It starts like that again, a stub aside. */
  readonly start?: 'app' | 'rom' | 'stub';
  /** Above this rate nothing gets through unharmed. */
  readonly maxBaud?: number;
  /** True: typical times; an object: those, with these changes. As fast as possible where not said. */
  readonly timing?: boolean | Partial<Timing>;
}

export interface Command {
  readonly mode: 'rom' | 'stub';
  readonly op: OpName | string;
  /** Where it names a piece of flash or memory: bytes. */
  readonly offset?: number;
  readonly size?: number;
}

/** The other end of a wire. */
export interface Host {
  data(bytes: Uint8Array): void;
  lost(reason: string): void;
  /** Bits per second, where the way knows it. */
  readonly baud?: number | undefined;
}

export interface Plug {
  write(bytes: Uint8Array): void;
  setLines(lines: Lines): void;
  unplug(): void;
}

const garbled = (bytes: Uint8Array) => bytes.map((byte) => (byte * 31 + 7) & 0x7f);

export class SimulatedChip {
  readonly name: ChipName;
  readonly hasLines: boolean;
  readonly faults = new Faults();
  /** Those that came since the last `forget`. */
  readonly commands: Command[] = [];
  /** Times that it started anew, the first one not counted. */
  resets = 0;
  mode: Mode = 'off';
  /** Of UART0; undefined while the ROM waits for a first SYNC to measure. */
  baud: number | undefined;

  readonly #kind: ChipKind;
  readonly #flash: NorFlash;
  readonly #registers: Registers;
  readonly #security: Security;
  readonly #clock: Clock;
  readonly #timing: Timing;
  readonly #maxBaud: number;
  readonly #restart: 'app' | 'rom';
  readonly #toChip: Line;
  readonly #toHost: Line;
  readonly #circuit: ResetCircuit;
  #core: Core | undefined;
  #host: Host | undefined;
  #silent = false;
  #powered = true;

  constructor(options: ChipOptions = {}) {
    this.name = options.chip ?? 'esp32c3';
    this.hasLines = options.lines ?? true;
    this.#kind = chipKinds[this.name];
    this.#flash = new NorFlash(options.flashSize ?? 4 * 2 ** 20, options.flash);
    this.#flash.allow = (size) => this.faults.program(size);
    this.#security = {
      flashEncryption: options.flashEncryption ?? false,
      secureBoot: options.secureBoot ?? false,
      secureDownload: options.secureDownload ?? false,
    };
    const mac = Uint8Array.from((options.mac ?? '34:85:18:0a:0b:0c').split(':'), (byte) => Number.parseInt(byte, 16));
    const set = [macRegisters(this.name, mac), securityRegisters(this.name, this.#security)];
    this.#registers = new Registers(this.#kind, set, this.#flash.id);
    const { timing = false } = options;
    this.#clock = new Clock(timing !== false);
    this.#timing = timing === false ? noTime : { ...typicalTiming, ...(timing === true ? {} : timing) };
    this.#maxBaud = options.maxBaud ?? Number.POSITIVE_INFINITY;
    const natural = this.hasLines ? 'app' : 'rom';
    this.#restart = options.start === undefined || options.start === 'stub' ? natural : options.start;
    const strikes = {
      cut: (power: 'lost' | 'kept') => this.cut(power),
      reset: (into: 'app' | 'rom') => this.reset(into),
      silence: () => {
        this.#silent = true;
      },
    };
    this.#toChip = new Line('toChip', this.#clock, this.faults, strikes, (bytes) => this.#hear(bytes));
    this.#toHost = new Line('toHost', this.#clock, this.faults, strikes, (bytes) => this.#host?.data(bytes));
    this.#circuit = new ResetCircuit(
      () => this.#halt(),
      (into) => this.reset(into),
    );
    this.#boot(options.start ?? this.#restart);
  }

  /** What the flash holds: the very bytes, not a copy. */
  get flash(): Uint8Array {
    return this.#flash.bytes;
  }

  /** Numbers of the sectors erased since the last `forget`, in order. */
  get erasedSectors(): readonly number[] {
    return this.#flash.erasedSectors;
  }

  /** What was programmed since the last `forget`, page by page. */
  get programmed(): readonly Touched[] {
    return this.#flash.programmed;
  }

  /** Bytes that went over the wire, all ways together. */
  get traffic(): { readonly toChip: number; readonly toHost: number } {
    return { toChip: this.#toChip.count, toHost: this.#toHost.count };
  }

  /** The log of commands, sectors and pages starts anew. */
  forget(): void {
    this.commands.length = 0;
    this.#flash.forget();
  }

  /** A way to it within this process. */
  way(): Way {
    return pipeTo(this);
  }

  get isPlugged(): boolean {
    return this.#host !== undefined;
  }

  /** Connects a host; one at a time. A board without power gets it, and starts. */
  plug(host: Host): Plug {
    this.#host = host;
    if (!this.#powered) {
      this.#powered = true;
      this.#boot(this.#restart);
    }
    return {
      write: (bytes) => {
        if (this.#host !== host) return;
        this.#toChip.send(bytes.slice(), this.#clock.now(), this.#lineBaud(), this.#timing.usbLatency);
      },
      setLines: (lines) => {
        if (this.#host === host && this.hasLines) this.#circuit.set(lines);
      },
      unplug: () => {
        if (this.#host !== host) return;
        this.#host = undefined;
        this.#toHost.clear();
        // A port that is closed lets go of its lines.
        this.#circuit.set({ dtr: false, rts: false });
      },
    };
  }

  /** The cable is pulled. */
  cut(power: 'lost' | 'kept' = 'lost'): void {
    const host = this.#host;
    this.#host = undefined;
    this.#toChip.clear();
    this.#toHost.clear();
    this.#circuit.set({ dtr: false, rts: false });
    if (power === 'lost') {
      this.#powered = false;
      this.#halt();
    }
    host?.lost('the cable was pulled');
  }

  /** Starts anew, as by the reset button. */
  reset(into: 'app' | 'rom' = this.#restart): void {
    if (!this.#powered) return;
    this.resets++;
    this.#boot(into);
  }

  /** Ends whatever runs. */
  close(): void {
    this.#circuit.stop();
    this.#powered = false;
    this.#halt();
    this.#host = undefined;
    this.#toChip.clear();
    this.#toHost.clear();
  }

  #halt(): void {
    this.#core?.stop();
    this.#core = undefined;
    this.mode = 'off';
  }

  #boot(into: 'app' | 'rom' | 'stub'): void {
    this.#halt();
    this.#silent = false;
    this.mode = into;
    this.baud = into === 'rom' ? undefined : 115200;
    if (into === 'stub') {
      this.#run(runStub);
      return;
    }
    this.#say(bootText(this.name, into), bootBaud(this.name));
    if (into === 'rom') this.#run(runRom);
    else this.#say(applicationText, 115200);
  }

  #run(program: (core: Core) => Promise<void>): void {
    const core = new Core(this.#boardOf(() => core));
    this.#core = core;
    program(core).catch((error: unknown) => {
      if (error instanceof PowerLost) this.cut();
      else if (!(error instanceof Stopped)) throw error;
    });
  }

  #hear(bytes: Uint8Array): void {
    if (this.mode !== 'rom' && this.mode !== 'stub') return;
    const host = this.#host?.baud;
    // The ROM measures the rate of the first SYNC.
    if (this.baud === undefined) this.baud = host ?? 115200;
    this.#core?.receive(this.#matches(host) ? bytes : garbled(bytes));
  }

  #say(bytes: Uint8Array, baud: number): void {
    if (this.#host === undefined || this.#silent) return;
    const sound = this.#host.baud === undefined || this.#host.baud === baud;
    this.#toHost.send(sound ? bytes : garbled(bytes), this.#clock.now(), baud, this.#timing.usbLatency);
  }

  #matches(host: number | undefined): boolean {
    const baud = this.baud ?? 115200;
    if (baud > this.#maxBaud) return false;
    return host === undefined || Math.abs(host - baud) <= baud * 0.03;
  }

  #lineBaud(): number | undefined {
    return this.#host?.baud ?? this.baud ?? 115200;
  }

  #boardOf(core: () => Core): Board {
    const chip = this;
    return {
      name: this.name,
      kind: this.#kind,
      flash: this.#flash,
      registers: this.#registers,
      security: this.#security,
      clock: this.#clock,
      timing: this.#timing,
      get baud() {
        return chip.baud ?? 115200;
      },
      setBaud: (baud) => {
        this.baud = baud;
      },
      setMode: (mode) => {
        this.mode = mode;
      },
      restart: () => {
        core().stop();
        this.reset('app');
      },
      transmit: (bytes, from) => {
        if (this.#host === undefined || this.#silent) return from;
        const sound = this.#matches(this.#host.baud) ? bytes : garbled(bytes);
        return this.#toHost.send(sound, from, this.baud, this.#timing.usbLatency);
      },
      received: (request) => {
        this.commands.push({
          mode: this.mode === 'stub' ? 'stub' : 'rom',
          op: opName(request.op),
          ...pieceOf(request),
        });
        return this.faults.command(request.op);
      },
    };
  }
}

export const simulatedChip = (options: ChipOptions = {}): SimulatedChip => new SimulatedChip(options);

/** The piece of flash or memory that a request is about. */
function pieceOf(request: Request): { offset: number; size: number } | undefined {
  const word = words(request.data);
  switch (request.op) {
    case op.flashBegin:
    case op.flashDeflBegin:
    case op.memBegin:
      return { offset: word(3), size: word(0) };
    case op.flashData:
    case op.flashDeflData:
    case op.memData:
      return { offset: word(1), size: request.data.length - dataHeaderSize };
    case op.md5:
    case op.eraseRegion:
    case op.readFlash:
    case op.readFlashSlow:
      return { offset: word(0), size: word(1) };
    case op.readReg:
    case op.writeReg:
      return { offset: word(0), size: 4 };
    default:
      return undefined;
  }
}
