import type { Socket } from 'node:net';
import type { Address } from '../../core/address.ts';
import { type Clock, realClock } from '../../core/clock.ts';
import { grouped, printable } from '../../core/text.ts';
import type { Connection, ConnectionEvents, Lines, Port } from '../connection.ts';
import type { DeviceError } from '../device.ts';
import { bothBuffers, type Command, commands, controls, noParity, rateBytes, rateOf } from './com-port.ts';
import { type ComPortSession, startSession } from './com-port-session.ts';
import { endWith, follow, hangUp, openSocket, portUnreachable, send, whyBroken } from './connect.ts';
import { type Life, startLife } from './life.ts';
import type { NetworkScheme } from './port.ts';
import { escaped } from './telnet.ts';

const expected = 'esp_rfc2217_server, ser2net in telnet mode, or another server of RFC 2217';

/** Milliseconds. */
const patience = {
  /** For the server to agree to be one: that of esptool takes 3 s to let go of the client before. */
  agree: 6000,
  confirm: 3000,
  /** For a line to be confirmed, after which it is thought that this server confirms none. */
  confirmLine: 400,
};

export interface Rfc2217Options {
  /** `?ign_set_control`, as pyserial writes it: do not wait until the server confirms DTR and RTS. */
  readonly ignoresControl?: boolean;
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/** A serial port of another machine, its rate and lines included. */
export const rfc2217Port = (address: Address, options: Rfc2217Options = {}): Port => {
  const name = `rfc2217://${printable(address.text)}`;
  return { name, hasLines: true, open: (...how) => openConnection(name, address, options, ...how) };
};

/** `rfc2217://HOST:PORT?ign_set_control`; the other options of pyserial do not concern what goes over the wire. */
export const rfc2217Scheme: NetworkScheme = ({ address, query }, { clock }) =>
  rfc2217Port(address, { ignoresControl: query.has('ign_set_control'), clock });

async function openConnection(
  name: string,
  address: Address,
  { ignoresControl = false, clock = realClock }: Rfc2217Options,
  baud: number,
  events: ConnectionEvents,
  signal?: AbortSignal,
): Promise<Connection> {
  const socket = await openSocket(name, address, expected, { clock, signal });
  // Until everything is set, what comes is a banner or was sent at another rate.
  let isReady = false;
  const sieve: ConnectionEvents = {
    data: (bytes) => isReady && events.data(bytes),
    lost: (reason) => isReady && events.lost(reason),
  };
  const life = startLife(name, sieve, whyBroken, { tidy: () => socket.destroy(), clock });
  follow(socket, life);
  const release = endWith(signal, () => socket.destroy());
  try {
    const session = startSession(socket, life);
    const connection = makeConnection(name, socket, life, session, ignoresControl);
    await life.during(() => prepare(name, session));
    await connection.setBaud(baud);
    await session.ask(commands.purgeData, Uint8Array.of(bothBuffers), patience.confirmLine);
    isReady = true;
    return connection;
  } catch (error) {
    life.close();
    socket.destroy();
    throw error;
  } finally {
    release();
  }
}

function makeConnection(
  name: string,
  socket: Socket,
  life: Life,
  session: ComPortSession,
  ignoresControl: boolean,
): Connection {
  let confirmsLines = !ignoresControl;
  let known: Partial<Lines> = {};
  return {
    write: (bytes) => life.during(() => send(socket, escaped(bytes))),
    setBaud: async (rate) => {
      const answer = await life.during(() => session.ask(commands.setBaudRate, rateBytes(rate), patience.confirm));
      if (answer === undefined) throw unconfirmed(name, `${grouped(rate)} baud`);
      const set = rateOf(answer) ?? 0;
      if (Math.abs(set - rate) > rate * 0.03) throw wrongRate(name, rate, set);
    },
    setLines: async (lines) => {
      const values = changedLines(known, lines);
      known = lines;
      const wait = confirmsLines ? patience.confirmLine : 0;
      const answers = await life.during(() => {
        socket.cork();
        const asked = values.map((value) => session.ask(commands.setControl, Uint8Array.of(value), wait));
        socket.uncork();
        return Promise.all(asked);
      });
      confirmsLines &&= answers.every((answer) => answer !== undefined);
    },
    close: async () => {
      life.close();
      await hangUp(socket, life.clock);
    },
  };
}

/**
 * DTR goes before RTS, and only what changes: esp_rfc2217_server knows by DTR going on that a board is to be reset into
 * its loader, does so by itself, and takes a second "RTS off" for the order to reset it out of it (esp_port_manager.py).
 */
function changedLines(known: Partial<Lines>, { dtr, rts }: Lines): number[] {
  const values: number[] = [];
  if (known.dtr !== dtr) values.push(dtr ? controls.dtrOn : controls.dtrOff);
  if (known.rts !== rts) values.push(rts ? controls.rtsOn : controls.rtsOff);
  return values;
}

/** Finds out that the other side is such a server, and has it set everything but the rate. */
async function prepare(name: string, session: ComPortSession): Promise<void> {
  const isAgreed = await session.agreement(patience.agree);
  if (isAgreed === undefined) {
    const message = `${name} takes the connection and does not answer within ${patience.agree / 1000} s`;
    throw portUnreachable(
      message,
      `does it serve another client? expected there: ${expected}; a raw port is socket://`,
    );
  }
  if (!isAgreed) throw portUnreachable(`${name} speaks telnet, but sets no serial port`, `expected there: ${expected}`);
  // 8N1, and notices of CTS, DSR and framing errors only distract.
  const settings: [what: string, command: Command, value: number][] = [
    ['8 data bits', commands.setDataSize, 8],
    ['no parity', commands.setParity, noParity],
    ['1 stop bit', commands.setStopSize, 1],
  ];
  const answers = settings.map(([, command, value]) => session.ask(command, Uint8Array.of(value), patience.confirm));
  for (const [command, value] of [
    [commands.setControl, controls.noFlowControl],
    [commands.setLineStateMask, 0],
    [commands.setModemStateMask, 0],
  ] as const) {
    void session.ask(command, Uint8Array.of(value), 0);
  }
  for (const [index, answer] of (await Promise.all(answers)).entries()) {
    const [what = '', , value] = settings[index] ?? [];
    if (answer === undefined) throw unconfirmed(name, what);
    if (answer[0] !== value) throw portUnreachable(`${name} does not set ${what}`, 'mend the settings of that server');
  }
}

const unconfirmed = (name: string, what: string): DeviceError =>
  portUnreachable(
    `${name} does not confirm ${what} within ${patience.confirm / 1000} s`,
    'check the log of that server',
  );

const wrongRate = (name: string, wanted: number, set: number): DeviceError =>
  portUnreachable(
    `${name} works at ${grouped(set)} baud where ${grouped(wanted)} were asked for`,
    'take a rate that its port knows, such as --baud 115200',
  );
