import { drivers } from '../../src/device/drivers/index.ts';
import { type MemoryDevice, memoryDevice } from './memory-device.ts';

/** Registers a driver `made-up` to a device in memory, and returns that device. */
export function registerDriver(flash: Uint8Array): MemoryDevice {
  const device = memoryDevice(flash);
  drivers['made-up'] = async () => ({ name: 'made-up', connect: async () => device });
  return device;
}
