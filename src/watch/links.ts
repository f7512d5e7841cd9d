import { readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, parse } from 'node:path';
import { append } from '../core/lists.ts';

/** As many as Linux follows. */
const maxLinks = 40;

/**
 * Returns every link that the system follows on its way to an absolute path, each where it really lies, and last where
 * that way ends, whether something is there or not. Kubernetes points `..data`, package managers a profile, to another
 * folder: then the file is another one, and neither it nor its own link was touched. Links in a circle have no end.
 */
export function trailOf(path: string): string[] {
  const links = new Set<string>();
  let { root: here } = parse(path);
  let followed = 0;
  const ahead = stepsOf(path).reverse();
  for (let step = ahead.pop(); step !== undefined; step = ahead.pop()) {
    if (step === '..') {
      here = dirname(here);
      continue;
    }
    const next = join(here, step);
    const target = targetOf(next);
    if (target === undefined) {
      here = next;
      continue;
    }
    links.add(next);
    if (++followed > maxLinks) return [...links];
    if (isAbsolute(target)) here = parse(target).root;
    append(ahead, stepsOf(target).reverse());
  }
  return [...links, here];
}

const stepsOf = (path: string): string[] =>
  path
    .slice(parse(path).root.length)
    .split(process.platform === 'win32' ? /[\\/]/ : '/')
    .filter((step) => step !== '' && step !== '.');

/** Reads a link, as it is written; undefined for all that is not a link. */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
