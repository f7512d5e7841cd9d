import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { byNumber } from '../../core/text.ts';
import type { UsbIds } from '../connection.ts';
import type { PortInfo } from './port.ts';
import { bridgeName } from './usb-bridges.ts';

/**
 * The serial ports of Linux. Read from sysfs and not by serialport, which runs udevadm for it: that is missing in
 * containers, and takes as long as a connection to a chip. `root` is where `/sys` and `/dev` are, for tests.
 */
export function sysfsPorts(root = '/'): PortInfo[] {
  const names = entriesOf(join(root, 'sys/class/tty')).sort(byNumber);
  return names.flatMap((name) => portOf(root, name) ?? []);
}

function portOf(root: string, name: string): PortInfo | undefined {
  const folder = join(root, 'sys/class/tty', name);
  const device = realOf(join(folder, 'device'));
  if (device === undefined || !existsSync(join(device, 'driver'))) return undefined;
  // The 8250 driver has ports without hardware: their type is 0, PORT_UNKNOWN.
  if (textOf(join(folder, 'type')) === '0') return undefined;
  const holder = usbFolder(device, root);
  const usb = holder === undefined ? undefined : idsOf(holder);
  const product = holder === undefined ? undefined : textOf(join(holder, 'product'));
  const isHere = existsSync(join(root, 'dev', name));
  return {
    path: `/dev/${name}`,
    usb,
    product,
    isOutside: isHere ? undefined : true,
  };
}

/** A port is an interface of a USB device, or a part of one: the folder above it that has the ids. */
function usbFolder(device: string, root: string): string | undefined {
  const end = join(root, 'sys');
  for (let folder = device; folder.length > end.length; folder = dirname(folder)) {
    if (existsSync(join(folder, 'idVendor'))) return folder;
  }
  return undefined;
}

/** The bridges that are plugged in, whether a driver made a port of them or not. */
export function sysfsBridges(root = '/'): UsbIds[] {
  const devices = join(root, 'sys/bus/usb/devices');
  const all = entriesOf(devices).flatMap((name) => idsOf(join(devices, name)) ?? []);
  return all.filter((usb) => bridgeName(usb) !== undefined);
}

function idsOf(folder: string): UsbIds | undefined {
  const vendorId = Number.parseInt(textOf(join(folder, 'idVendor')) ?? '', 16);
  const productId = Number.parseInt(textOf(join(folder, 'idProduct')) ?? '', 16);
  return Number.isNaN(vendorId) || Number.isNaN(productId) ? undefined : { vendorId, productId };
}

// What is asked for may vanish at any moment, with the board.
function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const entriesOf = (folder: string): string[] => attempt(() => readdirSync(folder)) ?? [];
const realOf = (path: string): string | undefined => attempt(() => realpathSync(path));
const textOf = (file: string): string | undefined => attempt(() => readFileSync(file, 'utf8').trim());
