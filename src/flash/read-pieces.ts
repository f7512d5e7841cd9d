import { alignUp } from '../core/bytes.ts';
import { type Diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import type { Range } from '../core/range.ts';
import type { FlashAccess } from '../device/device.ts';
import { type SessionRequest, withFlash } from '../device/session.ts';
import type { TableEntry } from '../partition-table/model.ts';
import { partitionsOf } from '../partition-table/partitions-of.ts';
import type { DeviceResult } from '../pipeline/result.ts';
import { type Piece, type PlacedPiece, placePiece } from './pieces.ts';

/** A piece of the flash, and what it holds. */
export interface ReadPiece extends PlacedPiece {
  readonly bytes: Uint8Array;
}

export interface ReadOutcome<Value> {
  /** Absent where the board was never reached. */
  readonly device?: DeviceResult;
  /** All that was asked for; absent where an error kept any of it from being had. */
  readonly value?: Value;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads pieces of the flash of a device, verified by MD5. Nothing is written, and the board is left as it was asked for. */
export function readPieces(
  request: SessionRequest,
  pieces: readonly Piece[],
): Promise<ReadOutcome<readonly ReadPiece[]>> {
  return session(request, async (flash, diagnostics) => {
    const placed: PlacedPiece[] = [];
    const isByName = pieces.some(({ what }) => what === 'partition');
    const entries = isByName ? await namedPartitions(flash, request, diagnostics) : [];
    if (entries === undefined) return undefined;
    for (const piece of pieces) {
      const place = placePiece(piece, entries, flash);
      if (place.ok) placed.push(place.value);
      else diagnostics.push(place.error);
    }
    return diagnostics.some(isError) ? undefined : readAll(flash, placed, request);
  });
}

/** The partitions of a device, its tables among them. */
export const listPartitions = (request: SessionRequest): Promise<ReadOutcome<readonly TableEntry[]>> =>
  session(request, (flash, diagnostics) => namedPartitions(flash, request, diagnostics));

async function session<Value>(
  request: SessionRequest,
  use: (flash: FlashAccess, diagnostics: Diagnostic[]) => Promise<Value | undefined>,
): Promise<ReadOutcome<Value>> {
  const diagnostics: Diagnostic[] = [];
  const ended = await withFlash({ ...request, readOnly: true }, ({ flash }) => use(flash, diagnostics));
  const { board, value, durationMs, diagnostics: ofSession } = ended;
  const all = [...ofSession, ...diagnostics];
  return {
    device: board ? { ...board, durationMs } : undefined,
    value,
    diagnostics: all,
  };
}

async function namedPartitions(
  flash: FlashAccess,
  { partitionTable }: SessionRequest,
  diagnostics: Diagnostic[],
): Promise<readonly TableEntry[] | undefined> {
  const found = await partitionsOf(flash, partitionTable);
  append(diagnostics, found.ok ? found.value.diagnostics : [found.error]);
  return found.ok ? found.value.entries : undefined;
}

async function readAll(
  flash: FlashAccess,
  placed: readonly PlacedPiece[],
  { onPhase }: SessionRequest,
): Promise<ReadPiece[]> {
  const total = placed.reduce((sum, { size }) => sum + size, 0);
  const pieces: ReadPiece[] = [];
  let done = 0;
  for (const piece of placed) {
    const before = done;
    const onProgress = (part: number) => onPhase({ phase: 'read', done: before + Math.min(part, piece.size), total });
    onProgress(0);
    pieces.push({ ...piece, bytes: await readRange(flash, piece, onProgress) });
    done += piece.size;
  }
  return pieces;
}

/** The ROM functions that the stub reads by take whole words only (ESP-IDF esp_rom_spiflash.h: esp_rom_spiflash_read). */
const word = 4;

async function readRange(
  flash: FlashAccess,
  { offset, size }: Range,
  onProgress: (done: number) => void,
): Promise<Uint8Array> {
  const before = offset % word;
  const cover = { offset: offset - before, size: alignUp(before + size, word) };
  const bytes = await flash.read(cover, onProgress);
  return bytes.subarray(before, before + size);
}
