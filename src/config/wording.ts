import type { Diagnostic, Place } from '../core/diagnostics/diagnostic.ts';
import { withoutKeys } from '../core/secret.ts';
import type { Path } from './source.ts';

/** How a message names what it is about: the property, or its whole path where no line of text shows it. */
export function subject(path: Path, place: Place): string {
  const last = path.at(-1);
  if (last === undefined) return 'the config';
  if (place.line === undefined) return path.map((step) => brief(String(step))).join('.');
  return typeof last === 'number' ? `an entry of ${quoted(path.at(-2))}` : quoted(last);
}

const quoted = (step: string | number | undefined): string => `"${brief(String(step))}"`;

/** A value as a message shows it: short, no more than its kind where it is large, and never a key. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'string') return String(value);
  if (withoutKeys(value) !== value) return 'a text that looks like a key';
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 4)}…"` : text;
}

/** A word of the config as a message shows it. */
export function brief(text: string): string {
  const safe = masked(text);
  return safe.length > longest ? `${safe.slice(0, longest - 3)}…` : safe;
}

const longest = 40;

/** What a message quotes of the config may be a key, also where a parser's or a check's own words quote it. */
export const withoutQuotedKeys = ({ message, lines, hint, partition, ...rest }: Diagnostic): Diagnostic => ({
  ...rest,
  message: masked(message),
  lines: lines?.map(masked),
  hint: hint === undefined ? undefined : masked(hint),
  partition: partition === undefined ? undefined : masked(partition),
});

/** In a message columns need not stay. */
const masked = (text: string): string => withoutKeys(text).replace(/\*{4,}/g, '***');
