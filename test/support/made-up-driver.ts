import type { Device } from '../../src/device/device.ts';
import { drivers } from '../../src/device/drivers/index.ts';
import { type MemoryDevice, memoryDevice } from './memory-device.ts';

/** Registers a driver `made-up` to a device in memory, and returns that device. */
export function registerDriver(flash: Uint8Array): MemoryDevice {
  const device = memoryDevice(flash);
  register(device);
  return device;
}

/** Registers a driver `made-up` that speaks with a firmware: it does not reach the flash, and knows the MAC alone. */
export const registerDriverWithoutFlash = (closed: string[]): void =>
  register({ info: { mac: 'a0:b1:c2:d3:e4:f5' }, notes: [], close: async (after) => void closed.push(after) });

function register(device: Device): void {
  drivers['made-up'] = async () => ({ connect: async () => device });
}
