import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { ChipFacts } from '../device/device.ts';
import { replaceFile } from '../files/write-file.ts';
import { attempt, explain, isSystemError, type WriteProblem } from '../files/write-problem.ts';
import type { BackupRun } from './backup-runs.ts';
import { boardFolder, fileAt, makeFolder } from './board-folder.ts';

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
export function saveBackup(request: BackupRequest): Result<string, Diagnostic> {
  const { facts, runs, time } = request;
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
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, json.length);
  const folder = newFolder(request, size);
  if (!folder.ok) return fail(notSaved(folder.error));
  for (const { file, bytes } of [...files, { file: indexFile, bytes: json }]) {
    const written = replaceFile(join(folder.value, file), bytes, { secret: true });
    if (written.ok) continue;
    attempt(() => rmSync(folder.value, { recursive: true, force: true }));
    return fail(notSaved(written.error));
  }
  return ok(folder.value);
}

/** `2026-11-21T12-30-05Z`, and `…Z-2` where another flash has that second. `size`: bytes that are to go there. */
function newFolder({ root, facts, time }: BackupRequest, size: number): Result<string, WriteProblem> {
  const name = `${time.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  for (let number = 1; ; number++) {
    const folder = join(boardFolder(root, facts), number === 1 ? name : `${name}-${number}`);
    try {
      makeFolder(root, folder);
      return ok(folder);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'EEXIST' || number === 1000) return fail(explain(folder, size, error));
    }
  }
}

/** Why nothing is written: what is there could not be put into safety first. */
export const notSaved = ({ file, message }: WriteProblem): Diagnostic =>
  diagnostic('write-failed', `no backup could be made, and nothing was flashed: ${message}`, {
    place: { file },
    hint: 'make room or the folder writable, or flash without a backup: --no-backup',
  });
