import { dirname, sep } from 'node:path';
import { differences, type Fingerprint } from './fingerprint.ts';

/** What became of a file or folder between two runs. */
export interface Change {
  /** Absolute. */
  readonly path: string;
  readonly what: 'changed' | 'new' | 'gone';
}

/**
 * What changed, as people would say it: of a folder that went or came the folder alone, of one in which a file went or
 * came that file.
 */
export function changesBetween(before: Fingerprint, now: Fingerprint): Change[] {
  const paths = differences(before, now, 'content');
  const all = paths.map((path): Change => {
    const [was, is] = [before.get(path)?.exists ?? false, now.get(path)?.exists ?? false];
    return { path, what: was === is ? 'changed' : is ? 'new' : 'gone' };
  });
  const whole = all.filter(({ what }) => what !== 'changed');
  const holders = new Set(paths.map((path) => dirname(path)));
  return all
    .filter(({ path, what }) => what !== 'changed' || !holders.has(path))
    .filter(({ path }) => !whole.some((one) => path.startsWith(`${one.path}${sep}`)))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}
