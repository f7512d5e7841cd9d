import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { listed, printable } from '../../core/text.ts';
import { DeviceError, type Driver } from '../device.ts';

/** The settings by which a driver is chosen. */
export interface DriverChoice {
  /** The name of a driver. Default: `esptool` where there is one, else `ownDriver`. */
  readonly driver?: string;
  /** The esptool of the user, and its first arguments. */
  readonly esptool?: readonly [string, ...string[]];
  /** `false` runs no program. Default: `true`. */
  readonly exec?: boolean;
}

/** The driver that needs no program. */
const ownDriver = 'stub';

/** The drivers by name, each loaded when it is chosen. A further one is a folder beside this and a line here. */
export const drivers: Record<string, (choice: DriverChoice) => Promise<Driver>> = {
  stub: async () => (await import('./stub/connect.ts')).stubDriver,
  async esptool({ esptool = ['esptool'], exec = true }) {
    if (!exec) throw new DeviceError(refused(esptool[0]));
    return (await import('./esptool/index.ts')).esptoolDriver(esptool);
  },
};

/**
 * Loads the driver that was chosen. Throws a DeviceError where there is none of that name, and where it is a program and
 * none may be run, whatever named it.
 */
export async function driverOf(choice: DriverChoice): Promise<Driver & { readonly name: string }> {
  const { driver: name = choice.esptool ? 'esptool' : ownDriver } = choice;
  const load = Object.hasOwn(drivers, name) ? drivers[name] : undefined;
  if (load === undefined) throw new DeviceError(unknown(name));
  return { name, ...(await load(choice)) };
}

const unknown = (name: string): Diagnostic =>
  diagnostic('usage', `there is no driver "${printable(name)}"`, {
    hint: `the drivers are ${listed(Object.keys(drivers))}`,
  });

/** Diagnostic where a command needs the flash, and the driver does not reach it. */
export const flashUnreachable = (name: string): Diagnostic =>
  diagnostic('device-feature', `the driver ${printable(name)} can neither read nor write the flash of a device`, {
    hint: `choose one that can: --driver ${ownDriver}`,
  });

const refused = (program: string) =>
  diagnostic('exec-refused', `the esptool ${printable(program)} is not run, because of --no-exec`, {
    hint: 'leave out --no-exec where the config is trusted; without an esptool, flashing needs no program',
  });
