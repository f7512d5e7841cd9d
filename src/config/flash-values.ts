import type { PortMistake } from '../core/port-name.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** Serial bridges go from 300 to 6,000,000 bits per second at most. */
const [slowest, fastest] = [300, 6_000_000];

/** Reads a rate as the command line and the config have it: `921600`, `"921_600"`. */
export function parseBaud(value: string | number): Result<number, PortMistake> {
  const text = typeof value === 'number' ? String(value) : value.replaceAll(/[_,]/g, '');
  const baud = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (baud >= slowest && baud <= fastest) return ok(baud);
  const hint = `a rate such as 115200 or 921600, from ${slowest} to ${fastest}`;
  return fail({ message: `${JSON.stringify(value)} is not a rate that a serial port has`, hint });
}

/** Reads an esptool of the user and its first arguments. */
export function parseEsptool(
  words: readonly string[],
): Result<readonly [program: string, ...args: string[]], PortMistake> {
  const [program = '', ...args] = words;
  const hint = 'name a program such as esptool.py, or one with arguments: ["python3", "-m", "esptool"]';
  if (program.trim() === '') return fail({ message: 'the esptool to use has no name', hint });
  return ok([program, ...args]);
}
