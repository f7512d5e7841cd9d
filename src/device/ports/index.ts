import { type Clock, realClock } from '../../core/clock.ts';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { parsePort } from '../../core/port-name.ts';
import { unreachable } from '../../core/result.ts';
import type { Way } from '../connection.ts';
import { DeviceError } from '../device.ts';
import { type Choose, findBoard } from './auto.ts';
import { type ListPorts, listPorts, portAt } from './ports.ts';
import { rfc2217Way } from './rfc2217.ts';
import { serialWay } from './serial.ts';
import { type LoadSerial, loadSerial } from './serial-module.ts';
import { socketWay } from './socket.ts';

export type { Choose } from './auto.ts';
export { portText } from './ports.ts';

export interface FindOptions {
  /** Asks which of several boards is meant; without it that is an error. */
  readonly choose?: Choose | undefined;
  readonly list?: ListPorts | undefined;
  readonly load?: LoadSerial;
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/** The way to what `--port` or the config names. Nothing is opened. Throws a DeviceError. */
export async function findWay(
  port: string,
  { choose, load = loadSerial, list, clock = realClock }: FindOptions = {},
): Promise<Way> {
  const name = parsePort(port);
  if (!name.ok) throw new DeviceError(diagnostic('usage', name.error.message, { hint: name.error.hint }));
  const listing = list ?? listPorts(load);
  switch (name.value.kind) {
    case 'auto': {
      const { path, usb } = await findBoard(listing, choose);
      return serialWay(path, { usb, load, list: listing, clock });
    }
    case 'serial': {
      const { path } = name.value;
      // What cannot be listed can still be opened.
      const ports = await listing().catch(() => []);
      return serialWay(path, { usb: portAt(path, ports)?.usb, load, list: listing, clock });
    }
    case 'socket':
      return socketWay(name.value.address, { clock });
    case 'rfc2217':
      return rfc2217Way(name.value.address, { ignoresControl: name.value.ignoresControl, clock });
    default:
      return unreachable(name.value);
  }
}
