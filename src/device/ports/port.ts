import type { UsbIds } from '../connection.ts';

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
