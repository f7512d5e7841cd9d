import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { printable } from '../../core/text.ts';
import { DeviceError, type Driver } from '../device.ts';

/** The settings by which a driver is chosen. */
export interface DriverChoice {
  /** The name of a driver. Default: `esptool` where there is one, else `stub`. */
  readonly driver?: string;
  /** The esptool of the user, and its first arguments. */
  readonly esptool?: readonly [string, ...string[]];
  /** `false` runs no program. Default: `true`. */
  readonly exec?: boolean;
}

/** The drivers by name, each loaded when it is chosen. A further one is a folder beside this and a line here. */
export const drivers: Record<string, (choice: DriverChoice) => Promise<Driver>> = {
  stub: async () => (await import('./stub/connect.ts')).stubDriver,
  async esptool({ esptool = ['esptool'], exec = true }) {
    if (!exec) throw new DeviceError(refused(esptool[0]));
    return (await import('./esptool/index.ts')).esptoolDriver(esptool);
  },
};

/** Loads the driver that was chosen. Throws where it is a program and none may be run, whatever named it. */
export function driverOf(choice: DriverChoice): Promise<Driver> {
  const { driver = choice.esptool ? 'esptool' : 'stub' } = choice;
  const load = drivers[driver];
  if (load === undefined) throw new Error(`there is no driver ${driver}`);
  return load(choice);
}

const refused = (program: string) =>
  diagnostic('exec-refused', `the esptool ${printable(program)} is not run, because of --no-exec`, {
    hint: 'leave out --no-exec where the config is trusted; without an esptool, flashing needs no program',
  });
