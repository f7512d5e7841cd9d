import { basename } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { type Comparison, compareFile, replaceFile, restrictMode, type WriteOptions } from '../files/write-file.ts';
import type { Status } from './result.ts';

/** What is to be done with a file that differs: `write` it, `check` that it is not stale, `plan` to write it. */
export type Mode = 'write' | 'check' | 'plan';

export interface Put {
  readonly status: Status;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares a file with the bytes it should have, and does with it what the mode says. `force` writes equal files, too. */
export function putFile(file: string, bytes: Uint8Array, options: WriteOptions, mode: Mode, force: boolean): Put {
  const state = compareFile(file, bytes, options);
  if (state === 'equal' && (!force || mode === 'check')) return { status: 'unchanged', diagnostics: [] };
  if (mode === 'plan') return { status: 'planned', diagnostics: [] };
  if (mode === 'check') {
    const message = `${basename(file)} ${whyStale[state]}`;
    return {
      status: 'stale',
      diagnostics: [diagnostic('stale', message, { place: { file }, hint: 'run at-pki build' })],
    };
  }
  const written = state === 'wrong-mode' && !force ? restrictMode(file) : replaceFile(file, bytes, options);
  if (written.ok) return { status: 'built', diagnostics: [] };
  const { message, hint } = written.error;
  return {
    status: 'failed',
    diagnostics: [diagnostic('write-failed', message, { place: { file }, hint })],
  };
}

const whyStale: Record<Comparison, string> = {
  absent: 'has not been built yet',
  different: 'is not what its sources give now',
  equal: 'is up to date',
  'wrong-mode': 'holds a private key that others can read',
};
