import { type Clock, realClock } from '../../core/clock.ts';
import type { Connection, ConnectionEvents, Lines, Port, UsbIds } from '../connection.ts';
import { type Life, startLife } from './life.ts';
import type { ListPorts } from './ports.ts';
import { type BindingPort, type LoadSerial, loadSerial, type SetOptions, serialModule } from './serial-module.ts';
import { explainBaud, explainOpen, isGone, isWithoutLines } from './serial-problem.ts';
import { within } from './within.ts';

export interface SerialOptions {
  readonly usb?: UsbIds | undefined;
  readonly load?: LoadSerial;
  /** For naming what is there in place of a port that is not. */
  readonly list?: ListPorts;
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/** A serial port of this machine: `/dev/ttyUSB0`, `COM3`. */
export const serialPort = (
  path: string,
  { usb, load = loadSerial, list, clock = realClock }: SerialOptions = {},
): Port => ({
  name: path,
  hasLines: true,
  usb,
  open: (baud, events) => openConnection(path, baud, events, clock, load, list),
});

async function openConnection(
  path: string,
  baud: number,
  events: ConnectionEvents,
  clock: Clock,
  load: LoadSerial,
  list?: ListPorts,
): Promise<Connection> {
  const { SerialPort } = await serialModule(load, path);
  const port = await SerialPort.binding.open({ path, baudRate: baud }).catch(async (error: unknown) => {
    throw await explainOpen(path, baud, error, list);
  });
  let shutting: Promise<void> | undefined;
  const shut = (): Promise<void> => {
    shutting ??= shutPort(port, clock, () => [reading, writing]);
    return shutting;
  };
  const life = startLife(path, events, () => gone, { tidy: shut, clock });
  const reading = receive(port, life);
  let writing: Promise<void> = Promise.resolve();
  let lastWrite: Promise<unknown> = writing;
  watch(port, life);
  return {
    // One after the other: two at a time would mix their bytes.
    write: (bytes) => {
      const copy = Buffer.from(bytes);
      const next = lastWrite.then(() =>
        life.during(() => {
          writing = port.write(copy);
          return writing;
        }),
      );
      lastWrite = next.catch(() => {});
      return next;
    },
    setBaud: (rate) =>
      life.during(() => port.update({ baudRate: rate }).catch((error) => explainBaud(path, rate, error))),
    setLines: (lines) => life.during(() => port.set(allOf(lines)).catch(tolerate)),
    close: async () => {
      life.close();
      await shut();
    },
  };
}

const gone = 'the port is gone';

async function receive(port: BindingPort, life: Life): Promise<void> {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  while (life.isOpen) {
    const read = await port.read(buffer, 0, buffer.length).catch(() => undefined);
    if (read === undefined) return life.lose(gone);
    life.data(new Uint8Array(buffer.subarray(0, read.bytesRead)));
  }
}

/**
 * Asks every second whether the port is still there. A port that hangs up in the middle of a read gives no bytes from
 * then on, which serialport takes for a reason to try again, at once and for ever (unix-read.js).
 */
function watch(port: BindingPort, life: Life): void {
  const look = async (): Promise<void> => {
    if (!life.isOpen) return callOff();
    const isThere = await port.get().then(
      () => true,
      (error: unknown) => !isGone(error),
    );
    if (!isThere) life.lose(gone);
  };
  const callOff = life.clock.interval(1000, look, { ref: false });
}

const allOf = ({ dtr, rts }: Lines): SetOptions => ({
  brk: false,
  cts: false,
  dsr: false,
  dtr,
  rts,
  lowLatency: true,
});

/** A pseudo terminal has no lines, which does no harm: whatever is behind it needs no reset. */
function tolerate(error: unknown): void {
  if (!isWithoutLines(error)) throw error;
}

/** Milliseconds that closing may take. */
const farewell = 800;

async function shutPort(port: BindingPort, clock: Clock, underWay: () => readonly Promise<unknown>[]): Promise<void> {
  const shut = async (): Promise<void> => {
    // What is not sent is thrown away: a board that takes no more bytes would hold the port for half a minute.
    await port.flush().catch(() => {});
    // A read or a write that is still in the system keeps the port locked.
    await Promise.allSettled([port.close(), ...underWay()]);
  };
  await within(clock, farewell, shut());
}
