import { count, grouped } from '../core/text.ts';
import type { Room } from '../formats/format.ts';

/** Returns the usage of a new image, in a line. */
export function roomLine({ slots, pages, largestBlob }: Room): string {
  const further = largestBlob === undefined ? 'nothing more fits' : `a further ${count(largestBlob, 'byte')} fit`;
  return `${grouped(slots.used)} of ${count(slots.total, 'slot')} used on ${grouped(pages.used)} of ${count(pages.total, 'page')}, ${further}`;
}

export const roomFields = ({ slots, pages, largestBlob }: Room) => ({
  slots,
  pages,
  largestBlob,
});
