import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { endOf, sectorSize } from '../core/range.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { grouped, printable } from '../core/text.ts';
import { type BackupIndex, indexFile } from './backup.ts';
import type { BackupRun } from './backup-runs.ts';
import { fileAt, readRegular } from './board-folder.ts';

export interface Backup extends Pick<BackupIndex, 'chip' | 'mac' | 'time'> {
  /** Absolute. */
  readonly folder: string;
  readonly runs: readonly BackupRun[];
}

/** Reads a backup, all of it, and proves it against its own checksums. `folder` is absolute. */
export function readBackup(folder: string): Result<Backup, Diagnostic> {
  const index = readIndex(folder);
  if (!index.ok) return index;
  const { chip, mac, time } = index.value;
  const runs: BackupRun[] = [];
  for (const run of index.value.runs) {
    const bytes = readRun(folder, run);
    if (!bytes.ok) return bytes;
    runs.push({ offset: run.offset, partition: run.partition, bytes: bytes.value });
  }
  return ok({ folder, chip, mac, time, runs });
}

/** Bytes; a run takes less than 300 in it. */
const largestIndex = 4 * 1024 * 1024;

function readIndex(folder: string): Result<BackupIndex, Diagnostic> {
  const file = join(folder, indexFile);
  const problem = (message: string, hint = 'take another backup') =>
    fail(diagnostic('backup-unreadable', message, { place: { file }, hint }));
  const bytes = readRegular(file, largestIndex);
  if (!bytes.ok) {
    const message = `${printable(folder)} is no backup: ${indexFile} ${bytes.error}`;
    return problem(message, 'name the folder of one backup: .at-pki/backup/<MAC>/<time>');
  }
  const index = parsed(bytes.value);
  if (!isIndex(index)) return problem(`the backup is damaged: ${indexFile} is not as at-pki writes it`);
  const sorted = index.runs.toSorted((a, b) => a.offset - b.offset);
  const twice = sorted.find((run, at) => at > 0 && endOf(sorted[at - 1] ?? run) > run.offset);
  return twice ? problem(`the backup is damaged: two of its runs hold ${hex(twice.offset)}`) : ok(index);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isMatch = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value);

function isIndex(value: unknown): value is BackupIndex {
  if (!isObject(value) || value.version !== 1 || !Array.isArray(value.runs)) return false;
  const isOfBoard = isMatch(value.mac, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/) && isName(value.chip) && isName(value.time);
  return isOfBoard && value.runs.every(isRun);
}

/** What comes to stand in messages. */
const isName = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 64 && printable(value) === value;

const addressSpace = 2 ** 32;

/** The name of a file follows from the offset, so that no other file is opened. */
function isRun(run: unknown): boolean {
  if (!isObject(run)) return false;
  const { offset, size, sha256, file, partition } = run;
  if (!isSectors(offset) || !isSectors(size) || size === 0 || offset + size > addressSpace) return false;
  return file === fileAt(offset) && isName(partition) && isMatch(sha256, /^[0-9a-f]{64}$/);
}

const isSectors = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value % sectorSize === 0;

type IndexedRun = BackupIndex['runs'][number];

function readRun(folder: string, { file: name, size, sha256 }: IndexedRun): Result<Uint8Array, Diagnostic> {
  const file = join(folder, name);
  const problem = (message: string) => {
    const details = { place: { file }, hint: 'nothing was put back; take another backup' };
    return fail(diagnostic('backup-unreadable', `the backup is damaged: ${name} ${message}`, details));
  };
  const bytes = readRegular(file, size);
  if (!bytes.ok) return problem(bytes.error);
  if (bytes.value.length !== size) return problem(`has ${grouped(bytes.value.length)} bytes, not ${grouped(size)}`);
  if (createHash('sha256').update(bytes.value).digest('hex') !== sha256) return problem('is not what was saved');
  return bytes;
}
