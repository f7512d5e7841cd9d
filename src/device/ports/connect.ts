import { connect, type Socket } from 'node:net';
import type { Address } from '../../core/address.ts';
import type { Clock } from '../../core/clock.ts';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { printable } from '../../core/text.ts';
import { codeOf } from '../../files/path-kind.ts';
import { DeviceError } from '../device.ts';
import type { Life } from './life.ts';

/** Milliseconds for a connection to stand. */
const patience = 5000;

export interface Opening {
  readonly clock: Clock;
  /** Ends the attempt. */
  readonly signal: AbortSignal | undefined;
}

/** Calls `end` when the signal aborts, also if it has, until the function that it gives is called. */
export function endWith(signal: AbortSignal | undefined, end: () => void): () => void {
  if (signal?.aborted) queueMicrotask(end);
  signal?.addEventListener('abort', end, { once: true });
  return () => signal?.removeEventListener('abort', end);
}

/** A TCP connection without delay, open. Throws a DeviceError. `expected` says what should listen there. */
export function openSocket(
  name: string,
  { host, port }: Address,
  expected: string,
  { clock, signal }: Opening,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const release = endWith(signal, () => refuse(portUnreachable(`${name} was not reached yet`, 'run it again')));
    const refuse = (error: DeviceError): void => {
      callOff();
      release();
      socket.destroy();
      reject(error);
    };
    const callOff = clock.timeout(patience, () => {
      const message = `${name} does not answer within ${patience / 1000} s`;
      refuse(portUnreachable(message, 'check host, port and firewall, and that the machine is on'));
    });
    // Stays for good: errors may follow the first one, and what they end in is the event "close".
    socket.on('error', (error: unknown) => refuse(explain(name, host, expected, error)));
    socket.once('connect', () => {
      callOff();
      release();
      resolve(socket);
    });
  });
}

function explain(name: string, host: string, expected: string, error: unknown): DeviceError {
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return portUnreachable(`nothing listens at ${name}`, `expected there: ${expected}`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return portUnreachable(
        `the name ${printable(host)} is not known (${code})`,
        'check its spelling and the network',
      );
    case 'ECONNRESET':
    case 'EPIPE':
      return portUnreachable(
        `${name} hangs up at once`,
        `is another client connected to it? expected there: ${expected}`,
      );
    default:
      return portUnreachable(`there is no way to ${name} (${code})`, 'check host, network and firewall');
  }
}

export const portUnreachable = (message: string, hint: string): DeviceError =>
  new DeviceError(diagnostic('port-unreachable', message, { hint }));

/** What ended a connection, as a clause. */
export const whyBroken = (error: unknown): string => `the connection broke (${codeOf(error)})`;

/** Lets the life of a connection follow that of its socket. */
export function follow(socket: Socket, life: Life): void {
  socket.on('error', (error: unknown) => life.lose(whyBroken(error)));
  socket.once('close', () => life.lose('the other side closed the connection'));
}

/** Resolves when the bytes are handed over. */
export const send = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

/** Milliseconds that the last bytes may take to leave. */
const farewell = 300;

/** Ends a connection within `farewell`, never with an error. */
export const hangUp = (socket: Socket, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) return resolve();
    const callOff = clock.timeout(farewell, () => socket.destroy());
    socket.once('close', () => {
      callOff();
      resolve();
    });
    socket.destroySoon();
  });
