import { portSchemes } from '../../src/core/port-name.ts';
import type { Port } from '../../src/device/connection.ts';
import { networkSchemes } from '../../src/device/ports/index.ts';

/** Registers `made-up://` for the tests of this process, to the ports that `portTo` gives. */
export function registerScheme(portTo: (host: string) => Port): void {
  portSchemes.add('made-up');
  networkSchemes['made-up'] = ({ address }) => portTo(address.host);
}
