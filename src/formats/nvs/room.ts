import type { NvsVersion } from './layout.ts';
import { maxBlob, maxVersion1, pageSize, reservedPages, slotSize, slotsPerPage } from './layout.ts';
import { type NvsContent, type NvsSettings, namespacesOf } from './model.ts';
import { type Placement, place } from './placement.ts';

/** How full a partition is. The page that must stay erased counts in none of the slots. */
export interface NvsRoom {
  readonly slots: {
    readonly total: number;
    readonly used: number;
    /** Held by entries that were overwritten or deleted: the firmware wins them back. None in a new image. */
    readonly erased: number;
    /** Can still be written. */
    readonly free: number;
    /** Left over at the end of a page that is followed by another: lost until the firmware empties the page. */
    readonly stranded: number;
  };
  readonly pages: {
    readonly used: number;
    /** Of the whole partition, the one that must stay erased included. */
    readonly total: number;
  };
  /**
   * Bytes of the largest blob that still fits under a new key, in a namespace that is there (or in a first one, where
   * there is none). Absent where not even an empty one does.
   */
  readonly largestBlob?: number;
}

/** The room that a new image of this content has. */
export function room(content: NvsContent, { size, version = 2 }: NvsSettings): NvsRoom {
  return roomOf(place(content, version), size, version, namespacesOf(content).length === 0);
}

/** The same for content that is placed already. */
export function roomOf(placement: Placement, size: number, version: NvsVersion, needsNamespace: boolean): NvsRoom {
  const total = size / pageSize;
  const pages = total - reservedPages;
  const { usedInPage } = placement;
  const used = usedInPage.reduce((sum, slots) => sum + slots, 0);
  const inLast = usedInPage.at(-1) ?? 0;
  const stranded = (placement.pages - 1) * slotsPerPage - (used - inLast);
  const free = Math.max(0, (pages - placement.pages) * slotsPerPage + (slotsPerPage - inLast));
  const largestBlob =
    placement.pages > pages ? undefined : largest(pages - placement.pages, inLast + (needsNamespace ? 1 : 0), version);
  return {
    slots: { total: pages * slotsPerPage, used, erased: 0, free, stranded },
    pages: { used: placement.pages, total },
    ...(largestBlob !== undefined && { largestBlob }),
  };
}

/**
 * The placement rule turned round. `further`: pages that can still be begun; `used`: slots taken in the current one.
 * The last page has to hold the chunk's head and, in version 2, the index behind it.
 */
function largest(further: number, used: number, version: NvsVersion): number | undefined {
  const inPage = (slots: number, entries: number): number => (slotsPerPage - slots - entries) * slotSize;
  if (version === 1) {
    // One entry with its data, which never takes a page's last slot.
    const fits = inPage(further > 0 ? 0 : used, 2);
    return fits >= 0 ? Math.min(maxVersion1, fits) : undefined;
  }
  if (further === 0) return used + 2 <= slotsPerPage ? Math.min(maxBlob, inPage(used, 2)) : undefined;
  const firstChunk = used < slotsPerPage ? inPage(used, 1) : 0;
  return Math.min(maxBlob, firstChunk + (further - 1) * inPage(0, 1) + inPage(0, 2));
}
