import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { DeviceError } from './device.ts';

/** What Ctrl-C makes of whatever goes on with a device. */
export const interrupted = (): DeviceError => new DeviceError(diagnostic('interrupted', 'interrupted'));
