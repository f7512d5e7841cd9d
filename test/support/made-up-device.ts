import { portSchemes } from '../../src/core/port-name.ts';
import type { Port } from '../../src/device/connection.ts';
import { drivers } from '../../src/device/drivers/index.ts';
import { networkSchemes } from '../../src/device/ports/index.ts';
import { type MemoryDevice, memoryDevice } from './memory-device.ts';

/** Registers `made-up://` for the tests of this process, and returns the ports that were asked for. */
export function registerScheme(portTo: (host: string) => Port): void {
  portSchemes.add('made-up');
  networkSchemes['made-up'] = ({ address }) => portTo(address.host);
}

/** Registers a driver `made-up` to a device in memory, and returns that device. */
export function registerDriver(flash: Uint8Array): MemoryDevice {
  const device = memoryDevice(flash);
  drivers['made-up'] = async () => ({ name: 'made-up', connect: async () => device });
  return device;
}
