import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sharedBytes } from '../core/range.ts';
import type { ChipFacts, Run } from '../device/device.ts';
import { sweep } from '../files/temporary.ts';
import { replaceFile } from '../files/write-file.ts';
import { attempt } from '../files/write-problem.ts';
import { boardFolder, fileAt, makeFolder, readRegular } from './board-folder.ts';
import { lookupIn, type SectorLookup } from './sector-lookup.ts';

/**
 * Copies of what was flashed to a board last. While the device still has it, as its own MD5 says each time, nothing has
 * to be read back: neither to find what changes, nor for a backup, nor to merge. A stale copy, or none, costs time alone.
 */
export interface SectorCache {
  readonly lookup: SectorLookup;
  /** Keeps what was written and verified, in whole sectors. Where that is not possible, it is done without. */
  keep(written: readonly Run[]): void;
}

/** @param root The folder of the config, absolute. */
export function sectorCache(root: string, facts: Pick<ChipFacts, 'mac'>): SectorCache {
  const folder = join(boardFolder(root, facts), 'last');
  let copies: Run[] | undefined;
  return {
    lookup(range, md5) {
      copies ??= readCopies(folder);
      return lookupIn(copies)(range, md5);
    },
    keep(written) {
      const old = copies ?? readCopies(folder);
      const kept = old.filter((one) => !written.some((run) => sharedBytes(rangeOf(one), rangeOf(run)) > 0));
      copies = [...kept, ...written];
      attempt(() => makeFolder(root, folder));
      sweep(folder);
      const current = new Set(copies.map(({ offset }) => offset));
      for (const { offset } of old) if (!current.has(offset)) remove(join(folder, fileAt(offset)));
      for (const { offset, bytes } of written) replaceFile(join(folder, fileAt(offset)), bytes, { secret: true });
    },
  };
}

const rangeOf = ({ offset, bytes }: Run) => ({ offset, size: bytes.length });
const remove = (file: string): void => attempt(() => unlinkSync(file));

/** Bytes: more than the flash of any board. */
const largestCopy = 128 * 1024 * 1024;

function readCopies(folder: string): Run[] {
  return namesIn(folder).flatMap((name) => {
    const offset = Number.parseInt(name, 16);
    if (name !== fileAt(offset)) return [];
    const bytes = readRegular(join(folder, name), largestCopy);
    return bytes.ok ? [{ offset, bytes: bytes.value }] : [];
  });
}

function namesIn(folder: string): string[] {
  let names: string[] = [];
  attempt(() => {
    names = readdirSync(folder);
  });
  return names;
}
