import { hex } from './bytes.ts';
import type { Place } from './diagnostics/diagnostic.ts';
import { sizeText } from './text.ts';

/** The smallest piece of flash that can be erased, in bytes. */
export const sectorSize = 4096;

/** A named stretch of the flash, in bytes. */
export interface Span {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly place?: Place;
}

/** The first byte behind a span. */
export const endOf = (span: Pick<Span, 'offset' | 'size'>): number => span.offset + span.size;

/** `client_ca (0x2e000 to 0x2ffff)`: the last byte is counted in, as memory maps write it. */
export function spanText(span: Span): string {
  if (span.size === 0) return `${span.name} (at ${hex(span.offset)})`;
  return `${span.name} (${hex(span.offset)} to ${hex(endOf(span) - 1)})`;
}

/** `0x2e000 (8K)`. */
export const placeText = ({ offset, size }: Pick<Span, 'offset' | 'size'>): string =>
  `${hex(offset)} (${sizeText(size)})`;

/** Bytes that two spans share. */
export function sharedBytes(a: Pick<Span, 'offset' | 'size'>, b: Pick<Span, 'offset' | 'size'>): number {
  return Math.max(0, Math.min(endOf(a), endOf(b)) - Math.max(a.offset, b.offset));
}
