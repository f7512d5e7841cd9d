import { count, grouped, inColumns } from '../../core/text.ts';
import type { NvsDecoded } from './decode.ts';
import type { PageInfo } from './pages.ts';

export const pageFields = ({ pages }: NvsDecoded) => pages.map((page) => ({ ...page }));

/** The pages of an image, a row each; erased ones at the end share one. */
export function pageLines({ pages }: NvsDecoded): string[] {
  const used = pages.findLastIndex(({ state }) => state !== 'empty') + 1;
  const row = ({ page, state, sequence, version, used: taken, erased, free }: PageInfo): string[] => [
    `page ${page}`,
    state,
    sequence === undefined ? '' : `sequence ${sequence}`,
    version === undefined ? '' : `version ${version}`,
    `${taken} used`,
    `${erased} erased`,
    `${free} free`,
  ];
  const rest = pages.length - used;
  const empty = rest > 0 ? [`${rest === 1 ? `page ${used}` : `pages ${used} to ${pages.length - 1}`}  empty`] : [];
  return [...inColumns(pages.slice(0, used).map(row)), ...empty].map((line) => `  ${line}`);
}

/** Slots over all pages but the one that must stay erased. */
export function slotTotals({ pages }: NvsDecoded): { used: number; erased: number; free: number } {
  const reserved = pages.find(({ state }) => state === 'empty')?.free ?? 0;
  const sum = (of: (page: PageInfo) => number) => pages.reduce((total, page) => total + of(page), 0);
  return {
    used: sum(({ used }) => used),
    erased: sum(({ erased }) => erased),
    free: sum(({ free }) => free) - reserved,
  };
}

/** `8 namespaces, 120 entries, 310 slots used, 0 erased, 1,200 free`. */
export function summaryText(decoded: NvsDecoded): string {
  const { used, erased, free } = slotTotals(decoded);
  const entries = count(decoded.entries.length, 'entry', 'entries');
  return `${count(decoded.namespaces.length, 'namespace')}, ${entries}, ${grouped(used)} slots used, ${grouped(erased)} erased, ${grouped(free)} free`;
}
