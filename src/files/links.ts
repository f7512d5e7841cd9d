import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { printable } from '../core/text.ts';
import type { WriteProblem } from './write-problem.ts';

/*
 * The rule of links, for every file that is written: nothing is written through a symbolic link. A link in the place of
 * the file is refused, wherever it leads; so is one in the place of a folder between the output folder and the file.
 * A repository, or an archive that was unpacked, may hold links to anywhere, and what is in an image must not come to
 * lie there. How the output folder itself is reached is the user's own matter: that one was named.
 */

/** The link that keeps a file from being written. `within` is the output folder. Throws what the system says. */
export function linkOnTheWay(file: string, within: string | undefined): WriteProblem | undefined {
  const path = within === undefined ? '..' : relative(within, dirname(file));
  const isInside = !isAbsolute(path) && path.split(sep)[0] !== '..';
  const folders: string[] = [];
  if (isInside && within !== undefined && path !== '') {
    for (const part of path.split(sep)) folders.push(join(folders.at(-1) ?? within, part));
  }
  const link = [...folders, file].find((step) => lstatSync(step, { throwIfNoEntry: false })?.isSymbolicLink());
  if (link === undefined) return undefined;
  const what = link === file ? 'it is a link' : `${link} is a link`;
  const message = `cannot write ${file}: ${what} to ${printable(readlinkSync(link))}`;
  const hint = link === file ? 'remove the link, or name the file that it leads to' : 'put a folder in its place';
  return { file, errno: 'ELOOP', message, hint };
}
