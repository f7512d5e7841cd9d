import { lstatSync, readFileSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { replaceFile } from './write-file.ts';
import { attempt } from './write-problem.ts';

/** A file to be written together with others. */
export interface NewFile {
  /** Absolute. */
  readonly file: string;
  /** What messages call it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly secret: boolean;
  /** The output folder: no link in it is followed (links.ts). Absolute. */
  readonly within?: string;
}

/** Writes all of them or none: if one cannot be written, those before it are as they were. */
export function writeFiles(files: readonly NewFile[]): Result<void, Diagnostic> {
  const undo: (() => void)[] = [];
  for (const { file, bytes, secret, within } of files) {
    undo.push(undoOf(file));
    const written = replaceFile(file, bytes, { secret, within });
    if (written.ok) continue;
    for (const step of undo.reverse()) step();
    const { message, hint } = written.error;
    return fail(diagnostic('write-failed', message, { place: { file }, hint }));
  }
  return ok(undefined);
}

/** What brings back the state of now. It does what it can: the error that calls for it is the one to tell. */
function undoOf(file: string): () => void {
  const old = contentOf(file);
  if (old !== undefined) return () => void replaceFile(file, old, { secret: false });
  if (statsOf(file) !== undefined) return () => {};
  const folders: string[] = [];
  for (
    let folder = dirname(file);
    statsOf(folder) === undefined && folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    folders.push(folder);
  }
  return () => {
    // It may not have been made, or somebody else has put something there.
    attempt(() => unlinkSync(file));
    for (const folder of folders) attempt(() => rmdirSync(folder));
  };
}

function contentOf(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * What keeps files from being written below a folder: files that are there (unless `force`), and links, which are
 * never followed since they could lead out of it. `parents` are the folders in between.
 */
export function whatIsInTheWay(
  files: readonly Pick<NewFile, 'file' | 'name'>[],
  { force, parents = [] }: { readonly force: boolean; readonly parents?: readonly Pick<NewFile, 'file' | 'name'>[] },
): Diagnostic[] {
  const blocked = parents.flatMap(({ file, name }) => {
    const there = statsOf(file);
    if (there === undefined || there.isDirectory()) return [];
    const what = there.isSymbolicLink() ? 'a link' : 'no folder';
    return [diagnostic('file-exists', `${name} is ${what}`, { place: { file }, hint: 'choose another folder' })];
  });
  return [
    ...blocked,
    ...files.flatMap(({ file, name }) => {
      const there = statsOf(file);
      return there === undefined || (force && there.isFile()) ? [] : [inTheWay(file, name, there)];
    }),
  ];
}

function inTheWay(file: string, name: string, there: Stats): Diagnostic {
  const what = there.isSymbolicLink() ? 'is a link' : there.isDirectory() ? 'is a folder' : 'exists already';
  const hint = there.isFile() ? 'add --force to replace it, or choose another folder' : 'choose another folder';
  return diagnostic('file-exists', `${name} ${what}`, { place: { file }, hint });
}

/** Of the path itself, links not followed. Where that cannot be seen, writing will say why. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
