import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { erased } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { endOf, type Range, sectorSize } from '../core/range.ts';
import type { Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import type { ChipFacts, Run } from '../device/device.ts';
import { sectorsIn } from '../device/sectors.ts';
import { replaceFile } from '../files/write-file.ts';
import { attempt, type WriteProblem } from '../files/write-problem.ts';
import type { BackupRun } from './backup-runs.ts';
import { boardFolder, readRegular } from './board-folder.ts';
import { readBackup } from './read-backup.ts';

/**
 * A flash of a board that was begun and not finished: what it was about to overwrite is in its backup, and half of it
 * not on the device any more. The next flash goes by what was there before, and its backup holds all of that.
 */
export interface FlashJournal {
  /** What was there before it, sector by sector. Empty where the last flash was finished. */
  readonly before: readonly BackupRun[];
  /** The absolute folder of the backup that has it. */
  readonly folder?: string | undefined;
  /**
   * Looks whether the board still is as the broken-off flash left it. Where something else wrote to it since, what was
   * there before that flash is not what is there now: it is forgotten, and that is said.
   *
   * @param now what the device holds, as far as it was read
   */
  reconcile(now: readonly Run[]): Diagnostic[];
  /**
   * From here on until they are finished, these sectors are not. Nothing may be written where this fails.
   *
   * @param folder the backup that has what is there, and all of `before`
   */
  begin(folder: string, now: readonly Run[], planned: readonly Run[]): Result<void, WriteProblem>;
  /** The device holds in these ranges what it is to hold. Other partitions may still wait for their turn. */
  finish(ranges: readonly Range[]): void;
}

/** What the note keeps: the backup, and by offset of each sector the MD5s of all that a flash may have left there. */
interface JournalRecord {
  readonly folder: string;
  readonly sectors: ReadonlyMap<number, readonly string[]>;
}

/** @param root the folder of the config, absolute */
export function flashJournal(root: string, facts: Pick<ChipFacts, 'mac'>): FlashJournal {
  const file = join(boardFolder(root, facts), 'unfinished');
  let record = readRecord(file);
  let before = record ? contentBefore(record) : [];
  return {
    get before() {
      return before;
    },
    get folder() {
      return record?.folder;
    },
    reconcile(now) {
      if (record === undefined || countStrange(record, before, now) <= 1) return [];
      const said = writtenSince(record.folder);
      [record, before] = [undefined, []];
      return [said];
    },
    begin(folder, now, planned) {
      const sectors = new Map(record?.sectors);
      for (const { offset, bytes } of [...now, ...planned].flatMap(sectorsIn)) {
        sectors.set(offset, [...new Set([...(sectors.get(offset) ?? []), md5Of(bytes)])]);
      }
      record = { folder, sectors };
      return writeRecord(file, record);
    },
    finish(ranges) {
      const isDone = (offset: number) => ranges.some((range) => offset >= range.offset && offset < endOf(range));
      const left = [...(record?.sectors ?? [])].filter(([offset]) => !isDone(offset));
      if (record !== undefined && left.length > 0) writeRecord(file, { ...record, sectors: new Map(left) });
      else attempt(() => unlinkSync(file));
    },
  };
}

const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const md5OfErased = md5Of(erased(sectorSize));

/**
 * Sectors that hold neither what was there nor what was to be there, nor nothing. One there may be: that which the flash
 * was broken off in.
 */
function countStrange({ sectors }: JournalRecord, before: readonly Run[], now: readonly Run[]): number {
  const was = new Map(before.map(({ offset, bytes }) => [offset, md5Of(bytes)]));
  return now.flatMap(sectorsIn).filter(({ offset, bytes }) => {
    const md5 = md5Of(bytes);
    return sectors.get(offset)?.includes(md5) === false && was.get(offset) !== md5 && md5 !== md5OfErased;
  }).length;
}

const contentBefore = ({ folder, sectors }: JournalRecord): BackupRun[] => {
  const backup = readBackup(folder);
  return backup.ok ? backup.value.runs.flatMap(sectorsIn).filter(({ offset }) => sectors.has(offset)) : [];
};

/** Bytes: some MD5s for each sector of the largest flash. */
const largestRecord = 4 * 1024 * 1024;

/** The name of the backup's folder, then a line for each sector: `0x21000 <MD5> <MD5>…`. */
function readRecord(file: string): JournalRecord | undefined {
  const content = readRegular(file, largestRecord);
  if (!content.ok) return undefined;
  const [name = '', ...lines] = new TextDecoder().decode(content.value).trim().split('\n');
  // Only a name: a path would lead elsewhere.
  if (!/^[\w-]+$/.test(name)) return undefined;
  const sectors = new Map<number, string[]>();
  for (const line of lines) {
    const [offset = '', ...md5s] = line.split(' ');
    sectors.set(Number(offset), md5s);
  }
  return { folder: join(dirname(file), name), sectors };
}

function writeRecord(file: string, { folder, sectors }: JournalRecord): Result<void, WriteProblem> {
  const lines = [...sectors].map(([offset, md5s]) => `0x${offset.toString(16)} ${md5s.join(' ')}`);
  const text = [basename(folder), ...lines, ''].join('\n');
  return replaceFile(file, new TextEncoder().encode(text), { secret: true });
}

const writtenSince = (folder: string): Diagnostic =>
  diagnostic('unfinished-flash', 'a flash of this board was broken off, and something else was written to it since', {
    hint: `what is there now counts; what was there before that flash is in ${printable(folder)}`,
  });
