import { unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { replaceFile } from '../output/write-file.ts';
import { attempt } from '../output/write-problem.ts';
import type { BackupRun } from './backup-runs.ts';
import { boardFolder, readRegular } from './board-folder.ts';
import type { ChipFacts } from './device.ts';
import { readBackup } from './read-backup.ts';

/**
 * A flash of a board that was begun and not finished: what it was about to overwrite is in its backup, and half of it
 * not on the device any more. The next flash goes by what was there before, and its backup holds all of that.
 */
export interface Unfinished {
  /** What was there before it. Empty where the last flash was finished. */
  readonly runs: readonly BackupRun[];
  /** The absolute folder of the backup that has it. */
  readonly folder?: string;
  /** From here on until `clear` there is one; `folder` is its backup. */
  note(folder: string): void;
  clear(): void;
}

/** @param root the folder of the config, absolute */
export function unfinishedFlash(root: string, facts: Pick<ChipFacts, 'mac'>): Unfinished {
  const folder = boardFolder(root, facts);
  const file = join(folder, 'unfinished');
  const backup = backupNamedIn(file);
  return {
    runs: backup?.runs ?? [],
    ...(backup && { folder: backup.folder }),
    note: (named) => void replaceFile(file, new TextEncoder().encode(`${basename(named)}\n`), { secret: true }),
    clear: () => attempt(() => unlinkSync(file)),
  };
}

function backupNamedIn(file: string) {
  const content = readRegular(file, 256);
  if (!content.ok) return undefined;
  const name = new TextDecoder().decode(content.value).trim();
  // Only a name: a path would lead elsewhere.
  if (!/^[\w-]+$/.test(name)) return undefined;
  const backup = readBackup(join(dirname(file), name));
  return backup.ok ? backup.value : undefined;
}
