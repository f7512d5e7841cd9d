import { basename } from 'node:path';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Problems } from '../core/diagnostics/problems.ts';
import { type Comparison, compareFile, replaceFile, restrictMode, type WriteOptions } from '../files/write-file.ts';
import type { Status } from './result.ts';

/** What is to be done with a file that differs: `write` it, `check` that it is not stale, `plan` to write it. */
export type Mode = 'write' | 'check' | 'plan';

export interface PutOptions extends WriteOptions {
  readonly mode: Mode;
  /** Write equal files, too. */
  readonly force: boolean;
}

/** Compares a file with the bytes it should have, and does with it what the mode says. */
export function putFile(file: string, bytes: Uint8Array, options: PutOptions, problems: Problems): Status {
  const { mode, force, ...writing } = options;
  const state = compareFile(file, bytes, writing);
  if (state === 'equal' && (!force || mode === 'check')) return 'unchanged';
  if (mode === 'plan') return 'planned';
  if (mode === 'check') {
    const message = `${basename(file)} ${whyStale[state]}`;
    problems.add(diagnostic('stale', message, { place: { file }, hint: 'run at-pki build' }));
    return 'stale';
  }
  const written = state === 'wrong-mode' && !force ? restrictMode(file) : replaceFile(file, bytes, writing);
  if (written.ok) return 'built';
  const { message, hint } = written.error;
  problems.add(diagnostic('write-failed', message, { place: { file }, hint }));
  return 'failed';
}

const whyStale: Record<Comparison, string> = {
  absent: 'has not been built yet',
  different: 'is not what its sources give now',
  equal: 'is up to date',
  'wrong-mode': 'holds a private key that others can read',
};
