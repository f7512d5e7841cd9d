import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { concat, erased } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { replaceFile } from '../output/write-file.ts';
import { attempt, explain, isSystemError, type WriteProblem } from '../output/write-problem.ts';
import { boardFolder, fileAt, makeFolder } from './board-folder.ts';
import type { Changes } from './changes.ts';
import { type ChipFacts, type Device, type OnProgress, type Range, type Run, sectorSize } from './device.ts';
import type { Known } from './known.ts';

/** What stood in the flash where something is about to be written. */
export interface BackupRun extends Run {
  /** The partition that it is of. */
  readonly partition: string;
}

/** `backup.json`, which lies beside the files that it names. */
export interface BackupIndex {
  readonly version: 1;
  readonly chip: string;
  readonly mac: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly runs: readonly {
    readonly offset: number;
    readonly size: number;
    readonly sha256: string;
    readonly file: string;
    readonly partition: string;
  }[];
}

export const indexFile = 'backup.json';

export interface ReadOptions {
  readonly known?: Known;
  /** Of the bytes that have to be read. */
  readonly onProgress?: OnProgress;
}

/** What the device holds in all sectors that are to change. Those whose content is at hand are not read. */
export async function readBackupRuns(
  device: Device,
  changes: readonly Changes[],
  { known = () => undefined, onProgress }: ReadOptions = {},
): Promise<BackupRun[]> {
  const parts = changes.flatMap(({ image, runs, before }) =>
    runs.map((run) => ({ partition: image.name, offset: run.offset, pieces: piecesOf(run, before, known) })),
  );
  const total = parts.flatMap(({ pieces }) => pieces).reduce((sum, one) => sum + (one.bytes ? 0 : one.size), 0);
  const result: BackupRun[] = [];
  let done = 0;
  for (const { partition, offset, pieces } of parts) {
    const read: Uint8Array[] = [];
    for (const { bytes, ...range } of pieces) {
      const start = done;
      read.push(bytes ?? (await device.read(range, (sofar) => onProgress?.(start + sofar, total))));
      if (bytes === undefined) done += range.size;
    }
    result.push({ partition, offset, bytes: concat(read) });
  }
  return result;
}

interface Piece extends Range {
  /** Absent where it has to be read. */
  readonly bytes?: Uint8Array;
}

const erasedSector = erased(sectorSize);
const md5OfErased = createHash('md5').update(erasedSector).digest('hex');

/** A run by what is known of its sectors; neighbours that are not are one piece. */
function piecesOf({ offset, bytes }: Run, before: Changes['before'], known: Known): Piece[] {
  const pieces: Piece[] = [];
  for (let at = offset; at < offset + bytes.length; at += sectorSize) {
    const md5 = before.get(at);
    const range = { offset: at, size: sectorSize };
    const there = md5 === undefined ? undefined : md5 === md5OfErased ? erasedSector : known(range, md5);
    const last = pieces.at(-1);
    if (there !== undefined) pieces.push({ ...range, bytes: there });
    else if (last === undefined || last.bytes !== undefined) pieces.push(range);
    else pieces.splice(-1, 1, { offset: last.offset, size: last.size + sectorSize });
  }
  return pieces;
}

export interface BackupRequest {
  /** The folder of the config, absolute. */
  readonly root: string;
  readonly facts: Pick<ChipFacts, 'chip' | 'mac'>;
  readonly runs: readonly BackupRun[];
  readonly time: Date;
}

/**
 * Writes a backup to a new folder of its own and returns that, when all of it is safely on the disk. `backup.json`
 * comes last: a folder without it is none. Earlier backups are never touched.
 */
export function saveBackup({ root, facts, runs, time }: BackupRequest): Result<string, Diagnostic> {
  const files = runs.map(({ offset, bytes }) => ({ file: fileAt(offset), bytes }));
  const index: BackupIndex = {
    version: 1,
    chip: facts.chip,
    mac: facts.mac,
    time: time.toISOString(),
    runs: runs.map(({ offset, bytes, partition }) => ({
      offset,
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      file: fileAt(offset),
      partition,
    })),
  };
  const json = new TextEncoder().encode(`${JSON.stringify(index, undefined, 2)}\n`);
  const folder = newFolder(root, facts, time);
  if (!folder.ok) return fail(failed(folder.error));
  for (const { file, bytes } of [...files, { file: indexFile, bytes: json }]) {
    const written = replaceFile(join(folder.value, file), bytes, { secret: true });
    if (written.ok) continue;
    attempt(() => rmSync(folder.value, { recursive: true, force: true }));
    return fail(failed(written.error));
  }
  return ok(folder.value);
}

/** `2026-11-21T12-30-05Z`, and `…Z-2` where another flash has that second. */
function newFolder(root: string, facts: Pick<ChipFacts, 'mac'>, time: Date): Result<string, WriteProblem> {
  const name = `${time.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  for (let number = 1; ; number++) {
    const folder = join(boardFolder(root, facts), number === 1 ? name : `${name}-${number}`);
    try {
      makeFolder(root, folder);
      return ok(folder);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'EEXIST' || number === 1000) return fail(explain(folder, folder, 0, error));
    }
  }
}

const failed = ({ file, message }: WriteProblem): Diagnostic =>
  diagnostic('write-failed', `no backup could be made, and nothing was flashed: ${message}`, {
    place: { file },
    hint: 'make room or the folder writable, or flash without a backup: --no-backup',
  });
