import { diagnostic } from '../../core/diagnostic.ts';
import { unreachable } from '../../core/result.ts';
import { DeviceError } from '../device.ts';
import type { Way } from '../link.ts';
import { type Choose, findBoard } from './auto.ts';
import { parsePort } from './port-name.ts';
import { type ListPorts, listPorts, portAt } from './ports.ts';
import { rfc2217Way } from './rfc2217.ts';
import { serialWay } from './serial.ts';
import { type LoadSerial, loadSerial } from './serial-module.ts';
import { socketWay } from './socket.ts';

export type { Choose } from './auto.ts';
export { parsePort } from './port-name.ts';
export { portText } from './ports.ts';

export interface FindOptions {
  /** Asks which of several boards is meant; without it that is an error. */
  readonly choose?: Choose | undefined;
  readonly list?: ListPorts | undefined;
  readonly load?: LoadSerial;
}

/** The way to what `--port` or the config names. Nothing is opened. Throws a DeviceError. */
export async function findWay(port: string, { choose, load = loadSerial, list }: FindOptions = {}): Promise<Way> {
  const name = parsePort(port);
  if (!name.ok) throw new DeviceError(diagnostic('usage', name.error.message, { hint: name.error.hint }));
  const listing = list ?? listPorts(load);
  switch (name.value.kind) {
    case 'auto': {
      const { path, usb } = await findBoard(listing, choose);
      return serialWay(path, { usb, load, list: listing });
    }
    case 'serial': {
      const { path } = name.value;
      // What cannot be listed can still be opened.
      const ports = await listing().catch(() => []);
      return serialWay(path, { usb: portAt(path, ports)?.usb, load, list: listing });
    }
    case 'socket':
      return socketWay(name.value.address);
    case 'rfc2217':
      return rfc2217Way(name.value.address, { ignoresControl: name.value.ignoresControl });
    default:
      return unreachable(name.value);
  }
}
