import { concat } from '../../../src/core/bytes.ts';
import type { Treatment } from './core.ts';
import type { Note } from './line.ts';
import { type OpName, opName, type Reply } from './protocol.ts';

export type Side = 'toChip' | 'toHost';

/**
 * What goes wrong, once each. `at`: the byte of that direction, counted from 0 at the moment the rule is added; `nth`:
 * the command of that kind, counted from 1 likewise.
 */
export type Fault =
  | { readonly kind: 'drop' | 'corrupt'; readonly side: Side; readonly at: number; readonly count?: number }
  | { readonly kind: 'delay'; readonly side: Side; readonly at: number; readonly ms: number }
  /** The way is lost. A board that lives on USB power dies with it (`lost`, the default), another does not. */
  | { readonly kind: 'cut'; readonly side: Side; readonly at: number; readonly power?: 'lost' | 'kept' }
  /** The chip starts again on its own: into its application, or into the ROM where IO0 happens to be low. */
  | { readonly kind: 'reset'; readonly side: Side; readonly at: number; readonly into?: 'app' | 'rom' }
  /** Nothing comes any more, until the next reset. */
  | { readonly kind: 'silence'; readonly side: Side; readonly at: number }
  | { readonly kind: 'nak'; readonly op: OpName; readonly nth?: number; readonly error?: number }
  | { readonly kind: 'lost-reply'; readonly op: OpName; readonly nth?: number }
  | { readonly kind: 'garbage'; readonly op: OpName; readonly nth?: number; readonly bytes?: Uint8Array }
  | { readonly kind: 'wrong-md5'; readonly nth?: number }
  /** The power goes when so many bytes of flash have been programmed: cable and all. */
  | { readonly kind: 'power'; readonly programmed: number };

type ByteFault = Extract<Fault, { readonly side: Side }>;
type CommandFault = Extract<Fault, { readonly kind: 'nak' | 'lost-reply' | 'garbage' | 'wrong-md5' }>;

export type Stroke = { readonly fault: ByteFault; readonly index: number };

interface Armed<Kind extends Fault> {
  readonly fault: Kind;
  /** Bytes or commands still to come before it strikes. */
  left: number;
}

export class Faults {
  /** Those that have struck, in order. */
  readonly fired: Fault[] = [];
  readonly #note: Note | undefined;
  #bytes: Armed<ByteFault>[] = [];
  #commands: Armed<CommandFault>[] = [];
  #power: Armed<Extract<Fault, { kind: 'power' }>>[] = [];

  /** @param note told when one strikes */
  constructor(note?: Note) {
    this.#note = note;
  }

  strike(fault: Fault): void {
    this.fired.push(fault);
    this.#note?.(`fault ${JSON.stringify(fault)}`);
  }

  add(...faults: readonly Fault[]): void {
    for (const fault of faults) {
      if (fault.kind === 'power') this.#power.push({ fault, left: fault.programmed });
      else if ('side' in fault) this.#bytes.push({ fault, left: fault.at });
      else this.#commands.push({ fault, left: (fault.nth ?? 1) - 1 });
    }
  }

  /** What has not struck yet never will. */
  clear(): void {
    this.#bytes = [];
    this.#commands = [];
    this.#power = [];
  }

  /** What strikes within the next `size` bytes of a direction, by index in them. */
  strokes(side: Side, size: number): Stroke[] {
    const strokes: Stroke[] = [];
    this.#bytes = this.#bytes.filter((armed) => {
      if (armed.fault.side !== side) return true;
      if (armed.left < size) {
        strokes.push({ fault: armed.fault, index: armed.left });
        return false;
      }
      armed.left -= size;
      return true;
    });
    return strokes.sort((a, b) => a.index - b.index);
  }

  /** What strikes the command that has just come. */
  command(code: number): Treatment {
    const struck: CommandFault[] = [];
    this.#commands = this.#commands.filter((armed) => {
      const wanted = armed.fault.kind === 'wrong-md5' ? 'md5' : armed.fault.op;
      if (wanted !== opName(code) || armed.left-- > 0) return true;
      struck.push(armed.fault);
      return false;
    });
    for (const fault of struck) this.strike(fault);
    const noise = struck.map((fault) => (fault.kind === 'garbage' ? (fault.bytes ?? rubbish) : new Uint8Array(0)));
    return {
      noise: concat(noise),
      alter: (reply) => struck.reduce<Reply | undefined>((altered, fault) => altered && alter(altered, fault), reply),
    };
  }

  /** How many of the next `size` bytes can be programmed before the power goes. */
  program(size: number): number {
    const first = this.#power.find((armed) => armed.left < size);
    for (const armed of this.#power) armed.left -= size;
    if (first === undefined) return size;
    this.#power = this.#power.filter((armed) => armed !== first);
    this.strike(first.fault);
    return first.left + size;
  }
}

const rubbish = Uint8Array.of(0x00, 0x55, 0xfe, 0x0d);

function alter(reply: Reply, fault: CommandFault): Reply | undefined {
  switch (fault.kind) {
    case 'lost-reply':
      return undefined;
    case 'nak':
      return { error: fault.error ?? 0xc4 };
    case 'wrong-md5':
      return reply.data ? { ...reply, data: reply.data.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) } : reply;
    case 'garbage':
      return reply;
  }
}
