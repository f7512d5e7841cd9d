import type { Clock } from '../../core/clock.ts';
import type { NetworkPort } from '../../core/port-name.ts';
import type { Port, UsbIds } from '../connection.ts';

/** Makes the port that a name of one scheme means, its query included. */
export type NetworkScheme = (port: NetworkPort, surroundings: { readonly clock: Clock }) => Port;

/** A serial port of this machine. */
export interface PortInfo {
  /** `/dev/ttyUSB0`, `COM3`. */
  readonly path: string;
  readonly usb?: UsbIds;
  /** What the device says of itself. */
  readonly product?: string;
  /** The system has it, but not what this program runs in: a container that was not given its node. */
  readonly isOutside?: true;
}
