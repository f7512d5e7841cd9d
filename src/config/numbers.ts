import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { parseBytes } from '../core/text.ts';
import type { ConfigSource, Path } from './source.ts';
import { shown, subject } from './wording.ts';

/** ESP-IDF: a partition table has 32 bits for an offset and for a size. */
export const largest = 0xffff_ffff;

/** Finds what is wrong with a number of bytes; what the schema refuses is left to it. */
export function checkNumber(
  holder: unknown,
  path: Path,
  { least }: { readonly least: number },
  source: ConfigSource,
): Diagnostic[] {
  const value = propertyOf(holder, String(path.at(-1)));
  const bytes = bytesOf(value);
  if (bytes === undefined || (bytes >= least && bytes <= largest)) return [];
  const place = source.place(path);
  const name = subject(path, place);
  const wrong = (message: string, hint: string) => [diagnostic('config-value', message, { place, hint })];
  if (bytes < least) return wrong(`${name} is 0`, 'the smallest piece of flash is a sector of 4K');
  return wrong(`${name} is ${shown(value)}: a partition table has 32 bits for it`, 'the most is 0xffffffff');
}

/** Infinite beyond 2^53; undefined for what is not a number of bytes at all. */
export function bytesOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string' || !/^(?:0x[0-9a-f]+|[0-9]+)[km]?$/i.test(value)) return undefined;
  return parseBytes(value) ?? Number.POSITIVE_INFINITY;
}

export const propertyOf = (holder: unknown, name: string): unknown =>
  Object.hasOwn(Object(holder), name) ? Reflect.get(Object(holder), name) : undefined;

export function objectIn(holder: unknown, name: string): object {
  const value = propertyOf(holder, name);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
