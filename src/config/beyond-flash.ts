import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { type PortMistake, type PortName, parsePort } from '../core/port-name.ts';
import { sectorSize } from '../core/range.ts';
import type { Result } from '../core/result.ts';
import { parseBaud, parseEsptool } from './flash-values.ts';
import { bytesOf, checkNumber, objectIn, propertyOf } from './numbers.ts';
import type { ConfigSource, Path } from './source.ts';
import { shown, subject } from './wording.ts';

/** Reads the port under `flash`, if there is one. An empty text is for the schema to refuse. */
export function portIn(config: unknown): Result<PortName, PortMistake> | undefined {
  const port = propertyOf(objectIn(config, 'flash'), 'port');
  return typeof port === 'string' && port.trim() !== '' ? parsePort(port) : undefined;
}

/**
 * Finds what is wrong with the values under `flash`, by the parsers of the command line. Otherwise a build would pass
 * and the first flash fail, without the line.
 */
export function checkFlash(
  config: unknown,
  port: Result<PortName, PortMistake> | undefined,
  source: ConfigSource,
): Diagnostic[] {
  const flash = objectIn(config, 'flash');
  return [
    ...(port ? mistakeAt(['flash', 'port'], port, source) : []),
    ...checkBaud(flash, source),
    ...checkEsptool(flash, source),
    ...checkTable(flash, source),
    ...checkFrequency(flash, source),
  ];
}

function checkBaud(flash: object, source: ConfigSource): Diagnostic[] {
  const baud = propertyOf(flash, 'baud');
  const isForSchema = typeof baud !== 'number' || !Number.isInteger(baud) || baud < 1;
  return isForSchema ? [] : mistakeAt(['flash', 'baud'], parseBaud(baud), source);
}

function checkEsptool(flash: object, source: ConfigSource): Diagnostic[] {
  const esptool = propertyOf(flash, 'esptool');
  const words = typeof esptool === 'string' && esptool.trim() !== '' ? [esptool] : esptool;
  const isList = Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string');
  return isList ? mistakeAt(['flash', 'esptool'], parseEsptool(words), source) : [];
}

/** ESP-IDF: a table lies at the start of a sector. */
function checkTable(flash: object, source: ConfigSource): Diagnostic[] {
  const path = ['flash', 'partitionTable'];
  const problems = checkNumber(flash, path, { least: 0 }, source);
  const offset = bytesOf(propertyOf(flash, 'partitionTable'));
  if (problems.length > 0 || offset === undefined || offset % sectorSize === 0) return problems;
  const place = source.place(path);
  const message = `${subject(path, place)} is ${shown(propertyOf(flash, 'partitionTable'))}, not a multiple of 4K`;
  return [diagnostic('config-value', message, { place, hint: 'most devices have their table at 0x8000' })];
}

/** Those of esptool 4 and 5. */
const frequencies = ['80m', '60m', '48m', '40m', '30m', '26m', '24m', '20m', '16m', '15m', '12m'];

function checkFrequency(flash: object, source: ConfigSource): Diagnostic[] {
  const frequency = propertyOf(flash, 'frequency');
  if (typeof frequency !== 'string' || !/^[0-9]+m$/.test(frequency) || frequencies.includes(frequency)) return [];
  const place = source.place(['flash', 'frequency']);
  const message = `esptool knows no frequency ${shown(frequency)}`;
  return [diagnostic('config-value', message, { place, hint: `it knows ${frequencies.join(', ')}` })];
}

function mistakeAt(path: Path, parsed: Result<unknown, PortMistake>, source: ConfigSource): Diagnostic[] {
  if (parsed.ok) return [];
  const { message, hint } = parsed.error;
  return [diagnostic('config-value', message, { place: source.place(path), hint })];
}
