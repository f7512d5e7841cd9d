import { hex } from './bytes.ts';
import type { Place } from './diagnostics/diagnostic.ts';
import { sizeText } from './text.ts';

/** The smallest piece of flash that can be erased, in bytes. */
export const sectorSize = 4096;

/** A stretch of flash, or of what was read, in bytes. */
export interface Range {
  readonly offset: number;
  readonly size: number;
}

/** A named one. */
export interface Span extends Range {
  readonly name: string;
  readonly place?: Place;
}

/** The first byte behind a span. */
export const endOf = (span: Range): number => span.offset + span.size;

/** `client_ca (0x2e000 to 0x2ffff)`: the last byte is counted in, as memory maps write it. */
export function spanText(span: Span): string {
  if (span.size === 0) return `${span.name} (at ${hex(span.offset)})`;
  return `${span.name} (${hex(span.offset)} to ${hex(endOf(span) - 1)})`;
}

/** `0x2e000 (8K)`. */
export const placeText = ({ offset, size }: Range): string => `${hex(offset)} (${sizeText(size)})`;

/** Bytes that two spans share. */
export function sharedBytes(a: Range, b: Range): number {
  return Math.max(0, Math.min(endOf(a), endOf(b)) - Math.max(a.offset, b.offset));
}
