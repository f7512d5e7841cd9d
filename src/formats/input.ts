import { resolve } from 'node:path';
import type { Diagnostic, Place } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import { kindOfPath, whyNoFile } from '../files/path-kind.ts';
import { unreadable } from '../files/read-problem.ts';
import { readStable } from '../files/read-stable.ts';

/** What a command looks into: a file, or a piece of the flash of a device. */
export interface Input {
  /** What messages call it; it may hold anything that a file name may. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The file; a device has no such place. */
  readonly place?: Place;
}

/** Reads a file that the user named on the command line. */
export function readInput(cwd: string, name: string): Result<Input, Diagnostic> {
  const content = readFile(cwd, name);
  return content.ok ? ok({ name, bytes: content.value, place: { file: resolve(cwd, name) } }) : content;
}

/** The same without its name. */
export function readFile(cwd: string, name: string): Result<Uint8Array, Diagnostic> {
  const file = resolve(cwd, name);
  const content = readStable(file);
  if (content.ok) return content;
  const kind = kindOfPath(file);
  if (kind !== 'file') return fail(whyNoFile(file, kind, printable(name)));
  return fail(unreadable(file, printable(name), content.error));
}
