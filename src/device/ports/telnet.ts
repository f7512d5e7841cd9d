import { concat } from '../../core/bytes.ts';

// RFC 854: what follows an IAC.
const iac = 0xff;
const subnegotiationStart = 0xfa;
const subnegotiationEnd = 0xf0;
const verbs = { will: 0xfb, wont: 0xfc, do: 0xfd, dont: 0xfe } as const;

/** `will` and `wont` speak of the sender's own side, `do` and `dont` of the other one. */
export type Verb = keyof typeof verbs;

export type TelnetEvent =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'option'; readonly verb: Verb; readonly option: number }
  | { readonly kind: 'subnegotiation'; readonly option: number; readonly bytes: Uint8Array };

/** Data as it goes over the wire: each FF twice. */
export function escaped(data: Uint8Array): Uint8Array {
  const count = data.reduce((sum, byte) => (byte === iac ? sum + 1 : sum), 0);
  if (count === 0) return data;
  const wire = new Uint8Array(data.length + count);
  let at = 0;
  for (const byte of data) {
    wire[at++] = byte;
    if (byte === iac) wire[at++] = iac;
  }
  return wire;
}

export const negotiation = (verb: Verb, option: number): Uint8Array => Uint8Array.of(iac, verbs[verb], option);

export const subnegotiation = (option: number, bytes: Uint8Array): Uint8Array =>
  concat([Uint8Array.of(iac, subnegotiationStart, option), escaped(bytes), Uint8Array.of(iac, subnegotiationEnd)]);

const verbOf = (code: number): Verb | undefined => {
  for (const verb of ['will', 'wont', 'do', 'dont'] as const) if (verbs[verb] === code) return verb;
  return undefined;
};

/** Bytes of a subnegotiation that are kept: those known here have at most 9. */
const longest = 256;

/** Reads a stream that may be cut anywhere. Commands without meaning for a serial port are left out. */
export function telnetDecoder(): (wire: Uint8Array) => TelnetEvent[] {
  let state: 'plain' | 'iac' | Verb = 'plain';
  let inner: number[] | undefined;
  return (wire) => {
    const events: TelnetEvent[] = [];
    const data = new Uint8Array(wire.length);
    let length = 0;
    let start = 0;
    const flush = (): void => {
      if (length > start) events.push({ kind: 'data', bytes: data.subarray(start, length) });
      start = length;
    };
    const take = (byte: number): void => {
      if (inner === undefined) data[length++] = byte;
      else if (inner.length < longest) inner.push(byte);
    };
    for (const byte of wire) {
      if (state === 'plain') {
        if (byte === iac) state = 'iac';
        else take(byte);
      } else if (state !== 'iac') {
        flush();
        events.push({ kind: 'option', verb: state, option: byte });
        state = 'plain';
      } else {
        state = verbOf(byte) ?? 'plain';
        if (byte === iac) take(byte);
        else if (byte === subnegotiationStart) inner = [];
        else if (byte === subnegotiationEnd && inner !== undefined) {
          const [option, ...bytes] = inner;
          flush();
          if (option !== undefined) events.push({ kind: 'subnegotiation', option, bytes: Uint8Array.from(bytes) });
          inner = undefined;
        }
      }
    }
    flush();
    return events;
  };
}

export interface TelnetOptions {
  /** What is asked for when the connection stands. */
  readonly opening: Uint8Array;
  /** What to answer to the other side, where anything. */
  answer(verb: Verb, option: number): Uint8Array | undefined;
}

/**
 * Which options are on: `ours` on our side and `theirs` on theirs are asked for, `agreeable` are agreed to on theirs,
 * all others refused. Only what changes something is answered: else two sides might thank each other for ever.
 */
export function telnetOptions(
  ours: readonly number[],
  theirs: readonly number[],
  agreeable: readonly number[] = [],
): TelnetOptions {
  const we = side(ours, ours, 'will', 'wont');
  const they = side(theirs, [...theirs, ...agreeable], 'do', 'dont');
  return {
    opening: concat([...ours.map((one) => negotiation('will', one)), ...theirs.map((one) => negotiation('do', one))]),
    answer: (verb, option) => {
      switch (verb) {
        case 'do':
        case 'dont':
          return we(verb === 'do', option);
        default:
          return they(verb === 'will', option);
      }
    },
  };
}

function side(asked: readonly number[], wanted: readonly number[], yes: Verb, no: Verb) {
  const states = new Map<number, 'asked' | 'on'>(asked.map((option) => [option, 'asked']));
  return (isOn: boolean, option: number): Uint8Array | undefined => {
    const before = states.get(option);
    if (!isOn) {
      states.delete(option);
      return before === 'on' ? negotiation(no, option) : undefined;
    }
    if (!wanted.includes(option)) return negotiation(no, option);
    states.set(option, 'on');
    return before === undefined ? negotiation(yes, option) : undefined;
  };
}
