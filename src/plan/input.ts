import { resolve } from 'node:path';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { ok, type Result } from '../core/result.ts';
import { readFile } from './read-image.ts';

/** What a command looks into: a file, or a piece of the flash of a device. */
export interface Input {
  /** What messages call it; it may hold anything that a file name may. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The file; a device has no such place. */
  readonly place?: Place;
}

/** A file that the user named on the command line. */
export function readInput(cwd: string, name: string): Result<Input, Diagnostic> {
  const content = readFile(cwd, name);
  return content.ok ? ok({ name, bytes: content.value, place: { file: resolve(cwd, name) } }) : content;
}
