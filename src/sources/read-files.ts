import { emptyFile } from '../checks/empty-file.ts';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import type { Problems } from '../core/diagnostics/problems.ts';
import { printable } from '../core/text.ts';
import { unreadable } from '../files/read-problem.ts';
import type { ReadProblem, readStable } from '../files/read-stable.ts';
import type { Entry } from '../formats/format.ts';
import type { Identified } from '../formats/identify.ts';
import { type ContentProvider, nameOfSource } from './content-provider.ts';
import { findFiles } from './find.ts';
import { pathFrom } from './glob.ts';
import type { Source } from './partition.ts';

/** What was read, with the file it came from; a value of the config, a program and a variable have none. */
export interface SourceEntry extends Entry {
  /** What its bytes are, where that was found out already. */
  readonly identified?: Identified;
  /** The number of its slot, where its key says it. */
  readonly index?: number;
  /** Absolute path. */
  readonly file?: string;
  /** Where the config names it, if it came from no file. */
  readonly place?: Place;
}

/** Where diagnostics about an entry point. */
export const placeOf = ({ file, place }: SourceEntry): Place | undefined => (file === undefined ? place : { file });

export type Read = typeof readStable;

/** Reads some sources in their order. */
export async function readFiles(
  sources: readonly Source[],
  root: string,
  read: Read,
  provider: ContentProvider,
  problems: Problems,
): Promise<readonly SourceEntry[]> {
  const entries: SourceEntry[] = [];
  const taken = new Set<string>();
  for (const source of sources) {
    if (!('path' in source)) {
      const content = await provider.read(source);
      const { kind, place } = source;
      if (!content.ok) problems.add(content.error);
      else entries.push({ name: nameOfSource(source), kind, ...content.value, place });
      continue;
    }
    const found = await findFiles(source);
    problems.addAll(found.diagnostics);
    for (const file of found.files) {
      // A folder or pattern does not repeat what an earlier source gave; a file named twice is wanted twice.
      if (!found.literal && taken.has(file)) continue;
      taken.add(file);
      const name = pathFrom(root, file);
      const content = read(file);
      if (!content.ok) problems.add(whyNotRead(file, printable(name), content.error));
      // Of certificates and keys the checks say it, who need to know that the file is there.
      else if (content.value.length === 0 && source.kind === 'data') problems.add(empty(file, printable(name)));
      else entries.push({ name, file, kind: source.kind, bytes: content.value });
    }
  }
  return entries;
}

function empty(file: string, name: string): Diagnostic {
  const hint = 'fill the file or remove it';
  return diagnostic(emptyFile, `${name} is empty`, { place: { file }, hint });
}

/** A file that was there a moment ago. */
function whyNotRead(file: string, name: string, problem: ReadProblem): Diagnostic {
  if (problem.code !== 'ENOENT') return unreadable(file, name, problem);
  const hint = 'run again; if something keeps replacing this file, let it write beside and rename';
  return diagnostic('source-missing', `${name} vanished between listing and reading`, { place: { file }, hint });
}
