import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { count } from '../../core/text.ts';
import { DeviceError } from '../device.ts';
import type { PortInfo } from './port.ts';
import { isBoard, type ListPorts, portText } from './ports.ts';
import { whyNoBoard } from './surroundings.ts';

/** Asks which of several boards is meant; undefined where nobody says. */
export type Choose = (boards: readonly PortInfo[]) => Promise<PortInfo | undefined>;

/** The port of the one board there is, or of the one that is chosen. Throws a DeviceError. */
export async function findBoard(list: ListPorts, choose?: Choose, why = whyNoBoard): Promise<PortInfo> {
  const ports = await list();
  const boards = ports.filter(isBoard);
  const [board, second] = boards;
  if (board === undefined) throw missing(ports, why(ports));
  if (second === undefined) return board;
  const chosen = await choose?.(boards);
  if (chosen !== undefined) return chosen;
  const message = `${boards.length} boards are there: ${boards.map(portText).join(', ')}`;
  throw new DeviceError(diagnostic('port-ambiguous', message, { hint: `name one: --port ${second.path}` }));
}

/** As many ports as are worth reading; a server may have dozens. */
const mostPorts = 6;

function missing(ports: readonly PortInfo[], hint: string): DeviceError {
  const shown = ports.slice(0, mostPorts).map(portText).join(', ');
  const rest = ports.length > mostPorts ? `, and ${ports.length - mostPorts} more` : '';
  const looked =
    ports.length === 0
      ? 'there is no serial port at all'
      : `looked at ${count(ports.length, 'serial port')}: ${shown}${rest}`;
  return new DeviceError(diagnostic('port-missing', `no board was found: ${looked}`, { hint }));
}
