import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { codeOf, kindOfPath, reasonOf } from '../../files/path-kind.ts';

/** A file's bytes; undefined where there is none. Any other obstacle is added to the problems. */
export function readIfAny(file: string, problems: Problems): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      problems.add(diagnostic('checkout-file', `it cannot be read (${reasonOf(code)})`, { place: { file } }));
    }
    return undefined;
  }
}

/** Reports the first NUL of a text that names paths, chips and partitions: the system takes it for their end. */
export function reportNul(text: string, file: string, problems: Problems): void {
  const at = text.indexOf('\0');
  if (at < 0) return;
  const before = text.slice(0, at).split('\n');
  const place = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  const hint = 'save it as UTF-8, without such characters';
  problems.add(diagnostic('checkout-file', 'a NUL character stands here', { place, hint }));
}

export const textIn = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const isFolder = (path: string): boolean => kindOfPath(path) === 'folder';
export const isFile = (path: string): boolean => kindOfPath(path) === 'file';

/** The path with `/` between its parts, as sources are written. */
const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

/** How a message names a file: from the root of the checkout where it lies in there. */
export function shown(root: string, file: string): string {
  const path = relative(root, file);
  return path.startsWith('..') ? file : slashed(path);
}

/** The folder of a checkout's certificates and data. */
export const rawDataOf = (root: string): string => join(root, 'components', 'customized_partitions', 'raw_data');
