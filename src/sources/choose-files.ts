import { basename, extname } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { byCodePoint, byNumber, listed, printable } from '../core/text.ts';
import { kindOfPath, whyNoFile } from '../files/path-kind.ts';
import type { Kind } from '../formats/format.ts';
import { shownFrom } from './glob.ts';
import type { SourceSpec } from './partition.ts';

// What esp-at's own build step takes from a folder (components/customized_partitions/generation_tools).
const certificateSuffixes = ['.pem', '.der', '.cer', '.crt'];
const suffixesOf: Record<Kind, readonly string[] | undefined> = {
  ca: certificateSuffixes,
  cert: certificateSuffixes,
  key: ['.pem', '.der', '.key'],
  data: undefined,
};

/**
 * Of what a folder or pattern gave, the files that fit the source's kind, in its order; with one note for all that is
 * left out, and an error for each that fits by its name and cannot be a file. `paths` are absolute; `folder` is where
 * they were looked for.
 */
export function chooseFiles(
  paths: readonly string[],
  folder: string,
  source: SourceSpec,
): { files: string[]; diagnostics: Diagnostic[] } {
  const suffixes = suffixesOf[source.kind];
  const compare = source.order === 'natural' ? byNumber : byCodePoint;
  const files: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const leftOut = new Map<string, string[]>();
  const named = paths.map((path) => ({ path, name: shownFrom(source.base, path) }));
  for (const { path, name } of named.sort((a, b) => compare(a.name, b.name))) {
    const found = kindOfPath(path);
    const reason = whyLeftOut(basename(path), suffixes, found === 'folder');
    if (reason !== undefined) {
      const others = leftOut.get(reason) ?? [];
      others.push(shownFrom(folder, path));
      leftOut.set(reason, others);
    } else if (found === 'file') files.push(path);
    else diagnostics.push(whyNoFile(path, found, name));
  }
  const place = source.place ?? { file: folder };
  const name = printable(source.path);
  if (leftOut.size > 0) {
    const groups = [...leftOut].map(([reason, names]) => `${listed(names)} (${reason})`);
    diagnostics.push(diagnostic('unused-file', `left out of ${name}: ${groups.join('; ')}`, { place }));
  }
  if (files.length === 0 && !diagnostics.some((found) => found.severity === 'error')) {
    const wanted = suffixes ? `${suffixes.join(', ')} file` : 'file';
    const hint = `looked in ${printable(folder)}`;
    diagnostics.push(diagnostic('source-missing', `${name} gives no ${wanted}`, { place, hint }));
  }
  return { files, diagnostics };
}

function whyLeftOut(name: string, suffixes: readonly string[] | undefined, isFolder: boolean): string | undefined {
  if (name.startsWith('.')) return 'hidden';
  if (/~$|^#.*#$|\.(bak|orig|rej|swp|swo|tmp|old)$/i.test(name)) return "an editor's backup";
  if (/^readme(\.|$)/i.test(name)) return 'a README';
  if (isFolder) return 'a folder';
  // The reference overlooks upper-case suffixes; a certificate named .CRT is meant to be taken.
  if (suffixes && !suffixes.includes(extname(name).toLowerCase())) return `not ${suffixes.join(', ')}`;
  return undefined;
}
