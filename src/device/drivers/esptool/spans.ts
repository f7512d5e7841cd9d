import type { Range } from '../../../core/range.ts';

/**
 * The fewest spans that cover all ranges where reading a gap is cheaper than a further call of esptool: gaps of up to
 * `gap` bytes are bridged. In the order of the flash.
 */
export function spansOver(ranges: readonly Range[], gap: number): Range[] {
  const spans: Range[] = [];
  for (const { offset, size } of ranges.toSorted((a, b) => a.offset - b.offset)) {
    const last = spans.at(-1);
    if (last === undefined || offset > last.offset + last.size + gap) spans.push({ offset, size });
    else spans[spans.length - 1] = { offset: last.offset, size: Math.max(last.size, offset + size - last.offset) };
  }
  return spans;
}

/** Pieces of the flash as they were read. */
export class Spans {
  #held: { readonly offset: number; readonly bytes: Uint8Array }[] = [];

  keep(offset: number, bytes: Uint8Array): void {
    this.#held.push({ offset, bytes });
  }

  /** The bytes of a range that lies within one piece; a copy. */
  find({ offset, size }: Range): Uint8Array | undefined {
    const span = this.#held.find((held) => held.offset <= offset && offset + size <= held.offset + held.bytes.length);
    return span?.bytes.slice(offset - span.offset, offset - span.offset + size);
  }

  /** The flash is no longer what it was. */
  forget(): void {
    this.#held = [];
  }
}
