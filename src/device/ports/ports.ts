import { realpathSync } from 'node:fs';
import { byNumber, printable } from '../../core/text.ts';
import type { PortInfo } from './port.ts';
import { type ListedPort, type LoadSerial, loadSerial, serialModule } from './serial-module.ts';
import { sysfsPorts } from './sysfs.ts';
import { bridgeName, usbText } from './usb-bridges.ts';

/** All ports, by name. Throws a DeviceError where it needs a package that is not there. */
export type ListPorts = () => Promise<readonly PortInfo[]>;

export const listPorts =
  (load: LoadSerial = loadSerial, platform: NodeJS.Platform = process.platform): ListPorts =>
  async () => {
    if (platform === 'linux') return sysfsPorts();
    const { SerialPort } = await serialModule(load, 'listing ports');
    const listed = await SerialPort.list();
    return listed.map(portOf).sort((a, b) => byNumber(a.path, b.path));
  };

function portOf({ path, vendorId, productId, friendlyName, manufacturer }: ListedPort): PortInfo {
  const usb = { vendorId: Number.parseInt(vendorId ?? '', 16), productId: Number.parseInt(productId ?? '', 16) };
  const hasUsb = !Number.isNaN(usb.vendorId) && !Number.isNaN(usb.productId);
  const product = friendlyName ?? manufacturer;
  // macOS has each port twice; opening its tty.* waits for a carrier that a board does not give.
  const called = path.replace(/^\/dev\/tty\./, '/dev/cu.');
  return { path: called, usb: hasUsb ? usb : undefined, product };
}

/** Whether a board of this field may be behind a port. */
export const isBoard = ({ usb, isOutside }: PortInfo): boolean =>
  usb !== undefined && bridgeName(usb) !== undefined && !isOutside;

/** `/dev/ttyUSB0 (CP210x, 10c4:ea60)`. */
export function portText({ path, usb, product, isOutside }: PortInfo): string {
  const name = (usb && bridgeName(usb)) ?? (product === undefined ? undefined : printable(product));
  const facts = [name, usb ? usbText(usb) : 'not USB', isOutside && 'not in this container'];
  return `${path} (${facts.filter(Boolean).join(', ')})`;
}

/** The port that a path means: itself, or what a link such as /dev/serial/by-id/… leads to. */
export function portAt(path: string, ports: readonly PortInfo[]): PortInfo | undefined {
  const names = [path, realOf(path)].map(comparable);
  return ports.find((port) => names.includes(comparable(port.path)));
}

const comparable = (path: string): string => (/^com[0-9]+$/i.test(path) ? path.toUpperCase() : path);

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
