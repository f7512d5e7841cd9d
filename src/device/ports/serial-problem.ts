import { readFile, stat } from 'node:fs/promises';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { grouped, listed, printable } from '../../core/text.ts';
import { DeviceError } from '../device.ts';
import { holderOf } from './holder.ts';
import { type ListPorts, portText } from './ports.ts';

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether the device behind an open port is no longer there. */
export const isGone = (error: unknown): boolean =>
  /Input\/output error|No such device|Device not configured|i\/o error/i.test(textOf(error));

/** Whether a port has no DTR and RTS to set, such as a pseudo terminal. */
export const isWithoutLines = (error: unknown): boolean => /Inappropriate ioctl|Invalid argument/i.test(textOf(error));

/** Why a port could not be opened: serialport gives no codes but what the system says. */
export async function explainOpen(path: string, baud: number, error: unknown, list?: ListPorts): Promise<DeviceError> {
  const text = textOf(error);
  const because = (code: 'port-missing' | 'port-busy' | 'port-unreachable', message: string, hint: string) =>
    new DeviceError(diagnostic(code, message, { hint }), { cause: error });
  // Windows denies access to what another program holds: there are no rights to ports.
  if (/Cannot lock port|busy|Access denied/i.test(text)) {
    const holder = (await holderOf(path)) ?? 'another program';
    return because('port-busy', `${holder} holds ${path}`, 'close the serial monitor or terminal that uses it');
  }
  if (/Permission denied|Operation not permitted/i.test(text)) return denied(path, error);
  if (/Inappropriate ioctl|Is a directory/i.test(text)) {
    return because('port-missing', `${path} is no serial port`, 'name the port of the board, or take --port auto');
  }
  if (/No such file|File not found|No such device|Device not configured|Input\/output error/i.test(text)) {
    return because('port-missing', `there is no port ${path}`, await whatIsThere(list));
  }
  if (/baud rate/i.test(text)) return unusableRate(path, baud, error);
  const hint = 'unplug the board and plug it in again';
  return because('port-unreachable', `${path} cannot be opened: ${printable(text)}`, hint);
}

async function whatIsThere(list: ListPorts = async () => []): Promise<string> {
  const ports = (await list().catch(() => [])).filter(({ isOutside }) => !isOutside);
  if (ports.length > 0) return `there are: ${listed(ports.map(portText))}`;
  return 'there is no serial port at all: is the board plugged in? does the cable carry data, not only power?';
}

/** Why a rate could not be set; rethrows what is no matter of the rate. */
export function explainBaud(path: string, baud: number, error: unknown): never {
  throw /baud rate/i.test(textOf(error)) && !isGone(error) ? unusableRate(path, baud, error) : error;
}

const unusableRate = (path: string, baud: number, cause: unknown): DeviceError =>
  new DeviceError(
    diagnostic('port-unreachable', `${path} cannot work at ${grouped(baud)} baud`, {
      hint: 'take a usual rate: --baud 115200, 460800 or 921600',
    }),
    { cause },
  );

async function denied(path: string, cause: unknown): Promise<DeviceError> {
  const group = await owningGroup(path);
  const hint =
    group === undefined
      ? 'run it as a user that may open the port'
      : `join the group ${group}: sudo usermod -aG ${group} $USER, then log out and in again`;
  return new DeviceError(diagnostic('port-denied', `this user may not open ${path}`, { hint }), { cause });
}

/** The group that a device node belongs to (dialout, uucp), where joining it would help. */
export async function owningGroup(path: string, groups = '/etc/group'): Promise<string | undefined> {
  try {
    const [{ gid, mode }, text] = await Promise.all([stat(path), readFile(groups, 'utf8')]);
    const forGroup = 0o060;
    if ((mode & forGroup) !== forGroup || gid === 0) return undefined;
    for (const line of text.split('\n')) {
      const [name, , id] = line.split(':');
      if (name && id === String(gid)) return name;
    }
  } catch {
    // The hint is then without it.
  }
  return undefined;
}
