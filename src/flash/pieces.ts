import { basename } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { FlashReader } from '../core/flash-reader.ts';
import { endOf, type Range } from '../core/range.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { didYouMean, parseBytes, printable } from '../core/text.ts';
import type { TableEntry } from '../partition-table/model.ts';
import { fileAt } from './board-folder.ts';
import { beyondText } from './images.ts';

/** A piece of the flash of a device, as the user names it; only the device knows where a partition lies. */
export interface Piece {
  /** As it was written: `mfg_nvs`, `0x8000:4K`, `flash`. */
  readonly name: string;
  readonly what: 'partition' | 'range' | 'flash';
  /** Of a range. */
  readonly range?: Range;
}

/** A piece that was found, in bytes. */
export interface PlacedPiece extends Range {
  readonly name: string;
}

/** Reads `flash`, `OFFSET:SIZE` or the name of a partition. */
export function parsePiece(word: string): Result<Piece, Diagnostic> {
  if (word === 'flash') return ok({ name: word, what: 'flash' });
  const [, offsetText = '', sizeText = ''] = /^([^:]*):([^:]*)$/.exec(word) ?? [];
  const [offset, size] = [parseBytes(offsetText), parseBytes(sizeText)];
  if (offset !== undefined && size !== undefined && size > 0)
    return ok({ name: word, what: 'range', range: { offset, size } });
  // Nothing that starts with a number and has a colon in it was meant as a name.
  if (!/^\d.*:/.test(word)) return ok({ name: word, what: 'partition' });
  const hint = 'OFFSET:SIZE, both in bytes, such as 0x8000:4K or 0x21000:0x1c000';
  return fail(diagnostic('usage', `"${printable(word)}" is no range of the flash`, { hint }));
}

/** What the file of a piece is called, but for its extension: `mfg_nvs`, `0x00008000`, `flash`. */
export const stemOf = ({ name, range }: Piece): string => (range ? basename(fileAt(range.offset), '.bin') : name);

/** Where a piece lies. `entries` are the partitions of the device. */
export function placePiece(
  piece: Piece,
  entries: readonly TableEntry[],
  { size: flashSize }: Pick<FlashReader, 'size'>,
): Result<PlacedPiece, Diagnostic> {
  const { name, what, range } = piece;
  if (what === 'flash') return ok({ name, offset: 0, size: flashSize });
  const place = range ?? entries.find((entry) => entry.name === name);
  if (place === undefined) return fail(unknown(name, entries));
  const placed = { name, offset: place.offset, size: place.size };
  if (endOf(placed) <= flashSize) return ok(placed);
  // A range is the user's word; of a partition the table of the device is wrong.
  return fail(diagnostic(range ? 'usage' : 'flash-too-small', beyondText(placed, flashSize)));
}

function unknown(name: string, entries: readonly TableEntry[]): Diagnostic {
  const names = [...new Set(entries.map((entry) => entry.name))];
  const meant = didYouMean(name, names);
  const all = `the device has ${names.join(', ')}`;
  const message = `the device has no partition "${printable(name)}"`;
  return diagnostic('usage', message, { hint: meant === undefined ? all : `${meant} ${all}` });
}
