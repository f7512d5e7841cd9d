import { type Clock, realClock } from '../../core/clock.ts';
import type { PortName, PortScheme } from '../../core/port-name.ts';
import type { Port } from '../connection.ts';
import { type Choose, findBoard } from './auto.ts';
import type { NetworkScheme } from './port.ts';
import { type ListPorts, listPorts, portAt } from './ports.ts';
import { rfc2217Scheme } from './rfc2217.ts';
import { serialPort } from './serial.ts';
import { type LoadSerial, loadSerial } from './serial-module.ts';
import { socketScheme } from './socket.ts';

export type { Choose } from './auto.ts';
export { portText } from './ports.ts';

/** The ports on the network, by scheme. A further one is a file beside this, a line here, and its name in port-name.ts. */
export const networkSchemes: Record<string, NetworkScheme> = {
  socket: socketScheme,
  rfc2217: rfc2217Scheme,
} satisfies Record<PortScheme, NetworkScheme>;

export interface FindOptions {
  /** Asks which of several boards is meant; without it that is an error. */
  readonly choose?: Choose | undefined;
  readonly list?: ListPorts | undefined;
  readonly load?: LoadSerial;
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/** Finds the port that `--port` or the config names. Nothing is opened. Throws a DeviceError. */
export async function findPort(
  port: PortName,
  { choose, load = loadSerial, list, clock = realClock }: FindOptions = {},
): Promise<Port> {
  if (port.kind === 'network') {
    const open = networkSchemes[port.scheme];
    if (open === undefined) throw new Error(`nothing opens ${port.scheme}://`);
    return open(port, { clock });
  }
  const listing = list ?? listPorts(load);
  if (port.kind === 'auto') {
    const { path, usb } = await findBoard(listing, choose);
    return serialPort(path, { usb, load, list: listing, clock });
  }
  const { path } = port;
  // What cannot be listed can still be opened.
  const ports = await listing().catch(() => []);
  return serialPort(path, { usb: portAt(path, ports)?.usb, load, list: listing, clock });
}
