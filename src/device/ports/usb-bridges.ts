import { usbOfChip } from '../chips.ts';
import type { UsbIds } from '../connection.ts';

/** Bridges from USB to a UART, and what firmware shows; the USB of the chips themselves is with the other facts on them. */
const bridges: Record<string, string> = {
  '10c4:ea60': 'CP210x',
  '10c4:ea70': 'CP2105',
  '10c4:ea71': 'CP2108',
  '1a86:5523': 'CH341',
  '1a86:7522': 'CH340',
  '1a86:7523': 'CH340',
  '1a86:55d2': 'CH342',
  '1a86:55d3': 'CH343',
  '1a86:55d4': 'CH9102',
  '1a86:55d8': 'CH9101',
  '0403:6001': 'FT232R',
  '0403:6010': 'FT2232',
  '0403:6011': 'FT4232',
  '0403:6014': 'FT232H',
  '0403:6015': 'FT231X',
  '067b:2303': 'PL2303',
  '067b:23a3': 'PL2303',
  '303a:1002': 'ESP USB Bridge',
  '303a:4001': 'USB of a firmware',
};

/** `10c4:ea60`. */
export const usbText = ({ vendorId, productId }: UsbIds): string => `${hex4(vendorId)}:${hex4(productId)}`;

const hex4 = (id: number): string => id.toString(16).padStart(4, '0');

/** `CP210x`, for what a board of this field may be connected by. */
export const bridgeName = (usb: UsbIds): string | undefined => bridges[usbText(usb)] ?? usbOfChip(usb);
