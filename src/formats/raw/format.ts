import type { DecodeProblem } from '../../core/result.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { DecodedItem, Entry, Format, Packed } from '../format.ts';
import type { PackProblem } from '../pack-problem.ts';

/** A file as it is. */
export const raw = {
  name: 'raw',
  title: 'file',
  capacity: (size: number) => size,
  encode(entries: readonly Entry[]): Result<Packed, readonly PackProblem[]> {
    const [entry, ...others] = entries;
    if (entry === undefined || others.length > 0) {
      const message = `${entries.length} files; a raw partition is exactly one`;
      return fail([{ code: 'item-count', message, hint: 'name one file in "files"' }]);
    }
    const { bytes, name, normalized } = entry;
    const item = {
      kind: 'data',
      id: 0,
      offset: 0,
      length: bytes.length,
      name,
      normalized,
    } as const;
    return ok({ image: entry.bytes, used: entry.bytes.length, items: [item] });
  },
  decode: (image: Uint8Array): Result<readonly DecodedItem[], DecodeProblem> =>
    ok([{ kind: 'data', id: 0, offset: 0, length: image.length, bytes: image }]),
  recognises: () => false,
  isAnyFile: true,
} satisfies Format;
