import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { timeOfDay } from '../core/clock.ts';

/*
 * Names of temporary files: `.client_ca.bin.12345-9f3a1c.at-pki-tmp`, with the process that writes it and a random
 * part. One that a killed process left behind is recognised by its name alone, and by the process being gone.
 */
const pattern = /^\..+\.([1-9][0-9]{0,9})-[0-9a-f]{6}\.at-pki-tmp$/;

/**
 * A name may have 255 bytes on most file systems, 143 on eCryptfs. The longest the rest gets is 30; the part of the
 * file's own name is for people only, so it can be short.
 */
const maxNameBytes = 100;

/** A path for a temporary file beside `file`: renaming is atomic within one file system only. */
export function temporaryFor(file: string): string {
  const random = Math.floor(Math.random() * 0x1000000);
  const tail = `${process.pid}-${random.toString(16).padStart(6, '0')}`;
  return join(dirname(file), `.${shortened(basename(file))}.${tail}.at-pki-tmp`);
}

/** Whether a name is one of ours for temporary files. */
export const isTemporary = (name: string): boolean => pattern.test(name);

/** As many whole characters from the start as fit. */
function shortened(name: string): string {
  let short = '';
  let bytes = 0;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxNameBytes) break;
    short += character;
  }
  return short;
}

/**
 * Removes the temporary files that killed processes left in `folder`. Those of living processes stay, whoever they
 * belong to. Never fails: what cannot be removed is in nobody's way and waits for the next sweep.
 */
export function sweep(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = pattern.exec(name)?.[1];
    if (pid === undefined) continue;
    try {
      const file = join(folder, name);
      const entry = lstatSync(file);
      if (entry.isFile() && isLeftOver(Number(pid), entry.mtimeMs)) unlinkSync(file);
    } catch {
      // Gone by now, or not ours to remove.
    }
  }
}

/** File systems round times down: FAT to 2 seconds, Linux to the clock's last tick. */
const coarsestClock = 2000;

function isLeftOver(pid: number, mtimeMs: number): boolean {
  // In a container the process has the same small number in each run.
  if (pid === process.pid) return mtimeMs + coarsestClock < timeOfDay() - process.uptime() * 1000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
