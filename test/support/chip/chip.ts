import { type Clock, realClock } from '../../../src/core/clock.ts';
import type { Port } from '../../../src/device/connection.ts';
import type { Cleanup } from '../scratch.ts';
import { simulatedTime } from '../simulated-time.ts';
import { applicationText, bootBaud, bootText } from './boot-text.ts';
import { type ChipName, chipKinds, macRegisters } from './chips.ts';
import { type Command, commandOf } from './command-log.ts';
import { type Board, Core, Stopped } from './core.ts';
import { Faults } from './faults.ts';
import { NorFlash, PowerLost, type Touched } from './nor-flash.ts';
import type { ChipOptions } from './options.ts';
import { pipeTo } from './pipe.ts';
import { Registers } from './registers.ts';
import { ResetCircuit } from './reset-circuit.ts';
import { runRom } from './rom.ts';
import { securityRegisters } from './security.ts';
import { runStub } from './stub.ts';
import { noTime, Pace, type Timing, typicalTiming } from './timing.ts';
import { type Host, type Plug, Wire } from './wire.ts';

/** `off`: without power, or held in reset. */
export type Mode = 'off' | 'app' | 'rom' | 'stub';

/** A chip within this process, on simulated time, until the test is over. */
export const simulatedChip = (t: Cleanup, options?: ChipOptions): SimulatedChip =>
  opened(t, new SimulatedChip(simulatedTime(t), options));

/** One on the time of the machine, for clients behind a socket or a terminal, whose time nobody simulates. */
export const servedChip = (t: Cleanup, options?: ChipOptions): SimulatedChip =>
  opened(t, new SimulatedChip(realClock, options));

function opened(t: Cleanup, chip: SimulatedChip): SimulatedChip {
  t.after(() => chip.close());
  return chip;
}

export class SimulatedChip {
  readonly name: ChipName;
  readonly hasLines: boolean;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Those that came since the last `forget`. */
  readonly commands: Command[] = [];
  /** Times that it started anew; getting power back does not count. */
  resets = 0;
  mode: Mode = 'off';

  readonly #flash: NorFlash;
  readonly #wire: Wire;
  readonly #circuit: ResetCircuit;
  readonly #board: Omit<Board, 'baud' | 'restart'>;
  readonly #restart: 'app' | 'rom';
  #core: Core | undefined;
  #powered = true;

  constructor(clock: Clock, options: ChipOptions = {}) {
    const { chip = 'esp32c3', lines = true, timing = false, maxBaud = Number.POSITIVE_INFINITY } = options;
    this.name = chip;
    this.hasLines = lines;
    this.#flash = new NorFlash(options.flashSize ?? 4 * 2 ** 20, options.flash);
    this.#flash.allow = (size) => this.faults.program(size);
    const { trace } = options;
    const note = trace && ((what: string): void => trace(`${clock.now().toFixed(3)} ${what}`));
    this.clock = clock;
    this.faults = new Faults(note);
    const pace = new Pace(clock, timing !== false);
    const times = timing === false ? noTime : { ...typicalTiming, ...(timing === true ? {} : timing) };
    this.#wire = new Wire(
      { pace, faults: this.faults, latency: times.usbLatency, maxBaud, note },
      {
        hear: (bytes) => this.#core?.receive(bytes),
        idle: () => this.#core?.idle() ?? Promise.resolve(),
        setLines: (state) => {
          if (this.hasLines) this.#circuit.set(state);
        },
        cut: (power) => this.cut(power),
        reset: (into) => this.reset(into),
        silence: () => {
          this.#wire.silent = true;
        },
      },
    );
    this.#circuit = new ResetCircuit(
      clock,
      options.enableRise ?? 5,
      () => this.#halt(),
      (into) => this.reset(into),
    );
    this.#board = this.#assemble(options, pace, times);
    const natural = lines ? 'app' : 'rom';
    this.#restart = options.start === undefined || options.start === 'stub' ? natural : options.start;
    this.#boot(options.start ?? natural);
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

  /** Bytes that went over the wire, all ways and all time together. */
  get traffic(): { readonly toChip: number; readonly toHost: number } {
    return this.#wire.traffic;
  }

  /** Of UART0; undefined while the ROM waits for a first SYNC to measure. */
  get baud(): number | undefined {
    return this.#wire.baud;
  }

  /** The log of commands, sectors and pages starts anew. */
  forget(): void {
    this.commands.length = 0;
    this.#flash.forget();
  }

  /** A port within this process. */
  port(): Port {
    return pipeTo(this);
  }

  /** Its port, and the clock that whoever opens that shares. */
  access(): { readonly port: Port; readonly clock: Clock } {
    return { port: this.port(), clock: this.clock };
  }

  get isPlugged(): boolean {
    return this.#wire.isPlugged;
  }

  /** Connects a host; one at a time. A board without power gets it, and starts. */
  plug(host: Host): Plug {
    const plug = this.#wire.plug(host);
    if (!this.#powered) {
      this.#powered = true;
      this.#boot(this.#restart);
    }
    return plug;
  }

  /** The cable is pulled. A board that lives on USB power dies with it. */
  cut(power: 'lost' | 'kept' = 'lost'): void {
    if (power === 'lost') {
      this.#powered = false;
      this.#halt();
    }
    this.#wire.cut('the cable was pulled');
  }

  /** Starts anew, as by the reset button. */
  reset(into: 'app' | 'rom' = this.#restart): void {
    if (!this.#powered) return;
    this.resets++;
    this.#boot(into);
  }

  /** Ends whatever runs, for good. */
  close(): void {
    this.cut();
    this.#circuit.stop();
  }

  #halt(): void {
    this.#core?.stop();
    this.#core = undefined;
    this.mode = 'off';
  }

  #boot(into: 'app' | 'rom' | 'stub'): void {
    this.#halt();
    this.mode = into;
    this.#wire.silent = false;
    this.#wire.baud = into === 'rom' ? undefined : 115200;
    const now = this.#board.pace.now();
    if (into !== 'stub') this.#wire.send(bootText(this.name, into), now, bootBaud(this.name));
    if (into === 'app') this.#wire.send(applicationText, now);
    else this.#run(into === 'rom' ? runRom : runStub);
  }

  #run(program: (core: Core) => Promise<void>): void {
    const wire = this.#wire;
    const core = new Core({
      ...this.#board,
      get baud() {
        return wire.baud ?? 115200;
      },
      restart: () => {
        core.stop();
        this.reset('app');
      },
    });
    this.#core = core;
    program(core).catch((error: unknown) => {
      if (error instanceof PowerLost) this.cut();
      else if (!(error instanceof Stopped)) throw error;
    });
  }

  #assemble(options: ChipOptions, pace: Pace, timing: Timing): Omit<Board, 'baud' | 'restart'> {
    const { flashEncryption = false, secureBoot = false, secureDownload = false } = options;
    const security = { flashEncryption, secureBoot, secureDownload };
    const mac = Uint8Array.from((options.mac ?? '34:85:18:0a:0b:0c').split(':'), (byte) => Number.parseInt(byte, 16));
    const kind = chipKinds[this.name];
    const words = [macRegisters(this.name, mac), securityRegisters(this.name, security)];
    return {
      name: this.name,
      kind,
      flash: this.#flash,
      registers: new Registers(kind, words, this.#flash.id),
      security,
      pace,
      timing,
      setBaud: (baud) => {
        this.#wire.baud = baud;
      },
      setMode: (mode) => {
        this.mode = mode;
      },
      transmit: (bytes, from) => this.#wire.send(bytes, from),
      received: (request) => {
        this.commands.push(commandOf(this.mode === 'stub' ? 'stub' : 'rom', request));
        return this.faults.command(request.op);
      },
    };
  }
}
