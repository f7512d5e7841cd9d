import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PortInfo } from './port.ts';
import { sysfsBridges } from './sysfs.ts';
import { bridgeName, usbText } from './usb-bridges.ts';

/** The likeliest reason that no port of a board is there, and what to do. `root` is for tests. */
export function whyNoBoard(
  ports: readonly PortInfo[],
  root = '/',
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'linux') {
    const outside = ports.find(({ usb, isOutside }) => isOutside && usb && bridgeName(usb) !== undefined);
    if (outside) return `give this container the port: --device=${outside.path}`;
    const [driverless] = sysfsBridges(root);
    if (driverless) return whyNoPort(bridgeName(driverless) ?? '', usbText(driverless));
    if (isWsl(root)) {
      return 'WSL sees no USB by itself; in Windows: usbipd list, usbipd bind --busid ID, usbipd attach --wsl --busid ID';
    }
    if (isContainer(root)) return 'a container sees no ports of its host unless given them: --device=/dev/ttyUSB0';
  }
  const other =
    ports.find(({ usb, isOutside }) => usb !== undefined && !isOutside) ?? ports.find((port) => !port.isOutside);
  const instead = other === undefined ? '' : `; if it is another one: --port ${other.path}`;
  return `is the board plugged in? does the cable carry data, not only power?${instead}`;
}

/** brltty, a service for Braille displays, takes bridges with the ids of CH340 and CP210x (Ubuntu 22.04 and others). */
const whyNoPort = (name: string, ids: string): string =>
  `a ${name} (${ids}) is plugged in, but no driver makes a port of it: brltty may hold it (sudo apt remove brltty)`;

const isWsl = (root: string): boolean => {
  try {
    return /microsoft/i.test(readFileSync(join(root, 'proc/version'), 'utf8'));
  } catch {
    return false;
  }
};

const isContainer = (root: string): boolean =>
  ['.dockerenv', 'run/.containerenv'].some((file) => existsSync(join(root, file)));
