import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { DeviceError } from './device.ts';

/** @param reason a clause: `the other side closed the connection` @param hasSpoken whether anything came over it before */
export const portLost = (name: string, reason: string, hasSpoken = true): DeviceError =>
  new DeviceError(
    diagnostic('port-lost', `the way to the board at ${name} was lost: ${reason}`, {
      hint: hasSpoken
        ? 'check the cable and the power of the board, then run it again: it goes on with what is missing'
        : 'nothing came over it before: is another program connected to it, or the board without power?',
    }),
  );
