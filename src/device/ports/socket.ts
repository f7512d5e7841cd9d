import type { Socket } from 'node:net';
import type { Address } from '../../core/address.ts';
import { type Clock, realClock } from '../../core/clock.ts';
import { printable } from '../../core/text.ts';
import type { Connection, ConnectionEvents, Port } from '../connection.ts';
import { follow, hangUp, openSocket, send, whyBroken } from './connect.ts';
import { startLife } from './life.ts';
import type { NetworkScheme } from './port.ts';

const expected = 'ser2net in raw mode, a serial-to-network adapter, or a simulated chip';

export interface SocketOptions {
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/** A plain TCP connection to whatever passes bytes on to a chip. The rate is set there, and the board is reset by hand. */
export const socketPort = (address: Address, { clock = realClock }: SocketOptions = {}): Port => {
  const name = `socket://${printable(address.text)}`;
  const open: Port['open'] = async (_, events, signal) =>
    makeConnection(name, await openSocket(name, address, expected, { clock, signal }), events, clock);
  return { name, hasLines: false, open };
};

/** `socket://HOST:PORT`. */
export const socketScheme: NetworkScheme = ({ address }, { clock }) => socketPort(address, { clock });

function makeConnection(name: string, socket: Socket, events: ConnectionEvents, clock: Clock): Connection {
  const life = startLife(name, events, whyBroken, { clock });
  follow(socket, life);
  socket.on('data', (bytes) => life.data(bytes));
  return {
    write: (bytes) => life.during(() => send(socket, bytes)),
    setBaud: async () => {},
    setLines: async () => {},
    close: async () => {
      if (life.close()) await hangUp(socket, clock);
    },
  };
}
