import type { Room } from '../format.ts';
import type { NvsVersion } from './layout.ts';
import { maxBlob, maxVersion1, pageSize, reservedPages, slotSize, slotsPerPage } from './layout.ts';
import type { NvsContent, NvsSettings } from './model.ts';
import { type Item, type Placement, place } from './placement.ts';

/** The room that a new image of this content has. */
export function room(content: NvsContent, { size, version = 2 }: NvsSettings): Room {
  return roomOf(place(content, version), size, version);
}

/** The same for content that is placed already. */
export function roomOf(placement: Placement, size: number, version: NvsVersion): Room {
  const total = size / pageSize;
  const pages = total - reservedPages;
  const { usedInPage } = placement;
  const used = usedInPage.reduce((sum, slots) => sum + slots, 0);
  const inLast = usedInPage.at(-1) ?? 0;
  const stranded = (placement.pages - 1) * slotsPerPage - (used - inLast);
  const free = Math.max(0, (pages - placement.pages) * slotsPerPage + (slotsPerPage - inLast));
  const largestBlob = placement.pages > pages ? undefined : largest(placement.items, pages, version);
  return {
    slots: { total: pages * slotsPerPage, used, erased: 0, free, stranded },
    pages: { used: placement.pages, total },
    largestBlob,
  };
}

/** The placement rule turned round. */
function largest(items: readonly Item[], pages: number, version: NvsVersion): number | undefined {
  // Namespaces without entries stand at the end, one slot each, and give way to the right.
  let trailing = 0;
  while (trailing < items.length - 1 && items[items.length - 1 - trailing]?.entry === undefined) trailing++;
  const last = items[items.length - 1 - trailing];
  // Where there is nothing at all, a namespace comes first.
  const used = last ? last.slot + last.span : 1;
  const further = pages - 1 - (last?.page ?? 0);
  const slots = version === 1 ? wholeSlots(used, further, trailing) : chunkSlots(used, further, trailing);
  return slots < 0 ? undefined : Math.min(version === 1 ? maxVersion1 : maxBlob, slots * slotSize);
}

/** Slots of data that a version 2 blob can take: each page that it touches gives one for a head, the last of all one for the index. */
function chunkSlots(used: number, further: number, trailing: number): number {
  const end = (1 + further) * slotsPerPage - 1 - trailing;
  if (end <= slotsPerPage) return end - used - 1;
  const onPage = (slots: number): number => Math.max(0, slots - 1);
  const rest = end - slotsPerPage;
  const whole = Math.floor(rest / slotsPerPage);
  return onPage(slotsPerPage - used) + whole * onPage(slotsPerPage) + onPage(rest % slotsPerPage);
}

/** The same for version 1: one head with the data behind it, which never takes a page's last slot. */
function wholeSlots(used: number, further: number, trailing: number): number {
  const room = slotsPerPage - 2;
  const here = Math.min(room - used, room - used + 1 - trailing + further * slotsPerPage);
  const onNewPage =
    further < 1 ? -1 : Math.min(room, room + 1 - trailing + (further - 1) * slotsPerPage, maxVersion1 / slotSize);
  return onNewPage > room - used ? onNewPage : here;
}
