import type { Digits } from './digits.ts';
import type { Range } from './mixture.ts';

/*
 * The last line of a key may be so short that it could be a name. Where the lines before it are read with it, in a
 * config or a table, it is known for a part of a key, and stays so when a message quotes it alone.
 */
const parts = new Set<string>();

/** Digits of each part: fewer show too little, and could be of something else. */
export const shortestPart = 12;
/** Some dozen keys have so many parts. Beyond them the oldest are forgotten. */
const most = 50_000;

/** Returns true once part of a key was remembered. */
export const knowsParts = (): boolean => parts.size > 0;

/** Keeps all parts of a key in mind. */
export function remember({ codes }: Digits, [start, end]: Range): void {
  const text = Buffer.from(codes.buffer, start, end - start).toString('latin1');
  for (let at = 0; at + shortestPart <= text.length; at++) parts.add(text.slice(at, at + shortestPart));
  for (const oldest of parts) {
    if (parts.size <= most) break;
    parts.delete(oldest);
  }
}

/** The stretches of a piece that are parts of a key which was seen. */
export function remembered({ codes }: Digits, [start, end]: Range): Range[] {
  if (!knowsParts() || end - start < shortestPart) return [];
  const text = Buffer.from(codes.buffer, start, end - start).toString('latin1');
  const found: [number, number][] = [];
  for (let at = 0; at + shortestPart <= text.length; at++) {
    if (!parts.has(text.slice(at, at + shortestPart))) continue;
    const last = found.at(-1);
    if (last !== undefined && start + at <= last[1]) last[1] = start + at + shortestPart;
    else found.push([start + at, start + at + shortestPart]);
  }
  return found;
}
