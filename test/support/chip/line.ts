import { concat } from '../../../src/core/bytes.ts';
import type { Faults, Side, Stroke } from './faults.ts';
import type { Pace } from './timing.ts';

/** What a fault does beyond the bytes of the line it strikes. */
export interface Strikes {
  cut(power: 'lost' | 'kept'): void;
  reset(into: 'app' | 'rom'): void;
  silence(): void;
}

/** Where the bytes go. */
export interface FarEnd {
  take(bytes: Uint8Array): void;
  /**
   * Resolves when it has nothing left to do. Where time does not count, bytes wait for that: who is faster would be up
   * to the machine else, and a fault would not do the same twice.
   */
  idle(): Promise<void>;
}

interface Packet {
  readonly bytes: Uint8Array;
  readonly due: number;
}

/** Told what happens; costs nothing where nobody is told. */
export type Note = (what: string) => void;

/** What both directions share. */
export interface LineNature {
  readonly pace: Pace;
  readonly faults: Faults;
  /** Told what goes over the wire. */
  readonly note: Note | undefined;
}

/** One direction of the wire: takes its time, counts, and damages what it is told to. */
export class Line {
  /** Bytes put on it so far. */
  count = 0;
  readonly #side: Side;
  readonly #nature: LineNature;
  readonly #strikes: Strikes;
  readonly #far: FarEnd;
  #queue: Packet[] = [];
  #pumping = false;
  #freeAt = 0;
  #life = 0;

  constructor(side: Side, nature: LineNature, strikes: Strikes, far: FarEnd) {
    this.#side = side;
    this.#nature = nature;
    this.#strikes = strikes;
    this.#far = far;
  }

  /**
   * @param from when the first bit may go, by the clock
   * @returns when the last bit has gone
   */
  send(bytes: Uint8Array, from: number, baud: number | undefined, latency: number): number {
    this.#freeAt = Math.max(from, this.#freeAt) + this.#nature.pace.transfer(bytes.length, baud);
    this.#queue.push({ bytes, due: this.#freeAt + latency });
    if (!this.#pumping) void this.#pump();
    return this.#freeAt;
  }

  /** What is under way is gone. */
  clear(): void {
    this.#queue = [];
    this.#freeAt = 0;
    this.#life++;
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    // Never within the call that sent: no port does that, and callers would be surprised.
    const { pace } = this.#nature;
    await pace.turn();
    for (let packet = this.#queue.shift(); packet !== undefined; packet = this.#queue.shift()) {
      const life = this.#life;
      if (pace.timed) await pace.until(packet.due);
      else await this.#far.idle();
      // Where time does not count, what is there comes at once.
      const rest = pace.timed || life !== this.#life ? [] : this.#queue.splice(0);
      if (life === this.#life) await this.#pass(concat([packet, ...rest].map(({ bytes }) => bytes)), life);
    }
    this.#pumping = false;
  }

  async #pass(bytes: Uint8Array, life: number): Promise<void> {
    let done = 0;
    const { faults, note } = this.#nature;
    note?.(`${this.#side} ${Buffer.from(bytes).toString('hex')}`);
    const strokes = faults.strokes(this.#side, bytes.length);
    this.count += bytes.length;
    for (const stroke of strokes) {
      if (stroke.index > done) this.#far.take(bytes.subarray(done, stroke.index));
      done = Math.max(done, stroke.index);
      if (life !== this.#life) return;
      done += await this.#strike(stroke, bytes.subarray(done));
      if (life !== this.#life) return;
    }
    if (done < bytes.length) this.#far.take(bytes.subarray(done));
  }

  /** @returns how many of the bytes after it are dealt with */
  async #strike({ fault }: Stroke, rest: Uint8Array): Promise<number> {
    this.#nature.faults.strike(fault);
    switch (fault.kind) {
      case 'drop':
        return Math.min(fault.count ?? 1, rest.length);
      case 'corrupt': {
        const damaged = rest.slice(0, fault.count ?? 1).map((byte) => byte ^ 0x5a);
        this.#far.take(damaged);
        return damaged.length;
      }
      case 'delay':
        await this.#nature.pace.sleep(fault.ms);
        return 0;
      case 'cut':
        this.#strikes.cut(fault.power ?? 'lost');
        return 0;
      case 'reset':
        this.#strikes.reset(fault.into ?? 'app');
        return 0;
      case 'silence':
        this.#strikes.silence();
        return 0;
    }
  }
}
