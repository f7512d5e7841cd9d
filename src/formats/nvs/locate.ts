import { viewOf } from '../../core/bytes.ts';
import type { Range } from '../../core/range.ts';
import { pageOffset, pageSize, pageState } from './layout.ts';
import { hasHeader } from './pages.ts';

/** `damaged`: not readable as a page of NVS, but it may have been one. `foreign`: anything else. */
type PageLook = 'nvs' | 'erased' | 'damaged' | 'foreign';

/**
 * Returns where NVS images may lie in a file, which may be one, the dump of a partition, or a dump of much more. A file that
 * begins with NVS is one image up to the last page of NVS and the erased flash behind it, whatever stands between.
 * Elsewhere an image goes from its first page that is not erased to the next foreign one. Where a sequence number comes
 * again, another image starts: partitions may lie side by side, and read as one each would hide what the other holds.
 */
export function locate(file: Uint8Array): Range[] {
  const looks = Array.from({ length: Math.floor(file.length / pageSize) }, (_, page) => lookOf(file, page));
  const foreignFrom = (page: number): number => {
    const next = looks.indexOf('foreign', page);
    return next < 0 ? looks.length : next;
  };
  const ranges: Range[] = [];
  for (let from = 0, to = 0; from < looks.length; from = to + 1) {
    to = foreignFrom(looks[0] === 'nvs' && from === 0 ? looks.lastIndexOf('nvs') : from);
    // Where the partition starts in erased flash cannot be seen, unless the file starts with it.
    while (from > 0 && from < to && looks[from] === 'erased') from++;
    if (!looks.slice(from, to).includes('nvs')) continue;
    const starts = [from, ...repeats(file, looks, from, to)];
    for (const [index, start] of starts.entries()) {
      const next = starts[index + 1] ?? to;
      // A rest that is no whole page belongs to what it follows.
      const end = next === looks.length ? file.length : pageOffset(next);
      ranges.push({ offset: pageOffset(start), size: end - pageOffset(start) });
    }
  }
  return ranges;
}

/** The pages at which a sequence number comes again. */
function repeats(file: Uint8Array, looks: readonly PageLook[], from: number, to: number): number[] {
  const view = viewOf(file);
  const seen = new Set<number>();
  const pages: number[] = [];
  for (let page = from; page < to; page++) {
    if (looks[page] !== 'nvs') continue;
    const sequence = view.getUint32(pageOffset(page) + 4, true);
    if (seen.has(sequence)) {
      pages.push(page);
      seen.clear();
    }
    seen.add(sequence);
  }
  return pages;
}

const states = new Set<number>(Object.values(pageState));

function lookOf(file: Uint8Array, page: number): PageLook {
  if (hasHeader(file, page)) return 'nvs';
  const at = pageOffset(page);
  const state = viewOf(file).getUint32(at, true);
  if (!states.has(state)) return 'foreign';
  return file.subarray(at, at + pageSize).every((byte) => byte === 0xff) ? 'erased' : 'damaged';
}
