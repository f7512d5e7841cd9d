import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../core/result.ts';
import { grouped } from '../core/text.ts';
import type { ChipFacts } from '../device/device.ts';
import { replaceFile, syncFolder } from '../files/write-file.ts';
import { isSystemError } from '../files/write-problem.ts';

/*
 * What is kept of boards lies beside the config, in `.at-pki/backup/<MAC>`. It holds private keys: git is told to look
 * away, and other users of the machine cannot look in.
 */
const home = (root: string): string => resolve(root, '.at-pki');

/** Of a board: `a0-b1-c2-d3-e4-f5`, since Windows has no colons in names. `root` is the folder of the config, absolute. */
export const boardFolder = (root: string, { mac }: Pick<ChipFacts, 'mac'>): string =>
  join(home(root), 'backup', mac.toLowerCase().replaceAll(/[^0-9a-f]/g, '-'));

/** The file that holds what lies at an offset: `0x00021000.bin`. */
export const fileAt = (offset: number): string => `0x${offset.toString(16).padStart(8, '0')}.bin`;

const forOwnerOnly = 0o700;

/** Makes a new folder below that of a board, durably. Throws system errors, EEXIST too. */
export function makeFolder(root: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true, mode: forOwnerOnly });
  const ignore = join(home(root), '.gitignore');
  if (lstatSync(ignore, { throwIfNoEntry: false }) === undefined) {
    // Where it cannot be written nothing else can, which is then said of that.
    replaceFile(ignore, new TextEncoder().encode('*\n'), { secret: false });
  }
  mkdirSync(folder, { mode: forOwnerOnly });
  const top = dirname(home(root));
  for (let above = dirname(folder); above.length > top.length; above = dirname(above)) syncFolder(above);
  syncFolder(top);
}

/** A regular file of at most so many bytes; else why not, as a clause. Links are not followed out of the folder. */
export function readRegular(file: string, most: number): Result<Uint8Array, string> {
  try {
    const there = lstatSync(file, { throwIfNoEntry: false });
    if (there === undefined) return fail('is not there');
    if (!there.isFile()) return fail('is no file');
    if (there.size > most) return fail(`has ${grouped(there.size)} bytes, more than ${grouped(most)}`);
    return ok(new Uint8Array(readFileSync(file)));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return fail(`cannot be read (${error.code})`);
  }
}
