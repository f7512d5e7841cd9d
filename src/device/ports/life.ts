import { type Clock, realClock } from '../../core/clock.ts';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { ConnectionEvents } from '../connection.ts';
import { DeviceError } from '../device.ts';
import { portLost } from '../port-lost.ts';

/** Milliseconds that a connection may take over bytes before its peer is thought to take none. */
const patience = 10_000;

/** The life of a connection: it is open until it is lost or closed, once. */
export interface Life {
  readonly isOpen: boolean;
  /** Passes on what arrives while the connection is open. */
  data(bytes: Uint8Array): void;
  /** Ends it from the other side; `reason` is a clause: `the other side closed the connection`. */
  lose(reason: string): void;
  /** The clock that all waits on this connection go by. */
  readonly clock: Clock;
  /** Ends it from this side. False where it was closed already; one that was lost still has to be tidied up. */
  close(): boolean;
  /**
   * Does something on the connection, if it is open, and waits for it, but not beyond its end, nor longer than it may take.
   * What fails ends the connection, unless it fails with a DeviceError.
   */
  during<Value>(action: () => Promise<Value>): Promise<Value>;
}

export interface LifeOptions {
  /** Frees what is left of a connection that is lost. */
  readonly tidy?: () => unknown;
  /** Default: that of the machine. */
  readonly clock?: Clock | undefined;
}

/**
 * `reasonOf` puts what an action failed with into a clause for `lose`.
 */
export function startLife(
  name: string,
  events: ConnectionEvents,
  reasonOf: (error: unknown) => string,
  { tidy = () => {}, clock = realClock }: LifeOptions = {},
): Life {
  let ended: DeviceError | undefined;
  let isClosed = false;
  const waiting = new Set<(error: DeviceError) => void>();
  const end = (error: DeviceError): void => {
    ended ??= error;
    for (const reject of waiting) reject(error);
  };
  const lose = (reason: string): void => {
    if (ended !== undefined) return;
    end(portLost(name, reason));
    tidy();
    events.lost(reason);
  };
  return {
    clock,
    get isOpen() {
      return ended === undefined;
    },
    data: (bytes) => {
      if (ended === undefined) events.data(bytes);
    },
    lose,
    close: () => {
      if (isClosed) return false;
      isClosed = true;
      end(portLost(name, 'it is closed'));
      return true;
    },
    during: (action) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const settle = (error: DeviceError): void => {
          callOff();
          waiting.delete(settle);
          reject(error);
        };
        const callOff = clock.timeout(patience, () => settle(stuck(name)));
        waiting.add(settle);
        action().then(
          (value) => {
            callOff();
            waiting.delete(settle);
            resolve(value);
          },
          (error: unknown) => {
            if (error instanceof DeviceError) settle(error);
            else lose(reasonOf(error));
          },
        );
      }),
  };
}

// The USB of a chip itself (ESP32-C3 and later) takes no bytes while its firmware has crashed.
const stuck = (name: string): DeviceError =>
  new DeviceError(
    diagnostic('chip-silent', `${name} took no bytes for ${patience / 1000} s`, {
      hint: 'unplug the board and plug it in again, holding BOOT where its USB is the chip itself',
    }),
  );
