import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { setIncomplete } from '../../checks/set-incomplete.ts';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { Problems } from '../../core/diagnostics/problems.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { byCodePoint, byNumber, printable } from '../../core/text.ts';
import { kindOfPath } from '../../files/path-kind.ts';
import { type CertificateSet, fileNameOf, isIndexed, type SlotKind, slotKinds } from '../../firmware/sets.ts';
import { readDependencies } from '../../project/from-checkout/dependency.ts';
import { rawDataOf } from '../../project/from-checkout/files.ts';
import type { Project } from '../../project/project.ts';
import { chooseFiles } from '../../sources/choose-files.ts';
import { isPattern, shownFrom } from '../../sources/glob.ts';
import { isPathSource, type SourceSpec, sourcesOf } from '../../sources/partition.ts';
import { compilePattern } from '../../sources/pattern.ts';

/** Where the files of a set go, absolute. */
export type Places = Readonly<Record<SlotKind, string>>;

/** The places of a set below a folder like raw_data. */
export function placesIn(folder: string, set: CertificateSet): Result<Places, readonly Diagnostic[]> {
  return placesBy((kind) => placeInFolder(join(folder, `${set.name}_${kind}`), set, kind, undefined));
}

/** The places of a set in a project, from which its next build takes them. */
export function placesOf(project: Project, set: CertificateSet): Result<Places, readonly Diagnostic[]> {
  return placesBy((kind) => placeOf(project, set, kind));
}

function placesBy(place: (kind: SlotKind) => Result<string, Diagnostic>): Result<Places, readonly Diagnostic[]> {
  const [ca, cert, key] = slotKinds.map(place);
  if (ca?.ok && cert?.ok && key?.ok) return ok({ ca: ca.value, cert: cert.value, key: key.value });
  return fail([ca, cert, key].flatMap((one) => (one && !one.ok ? [one.error] : [])));
}

function placeOf(project: Project, set: CertificateSet, kind: SlotKind): Result<string, Diagnostic> {
  const name = `${set.name}_${kind}`;
  const sources = sourcesNamed(project, name);
  const source = isIndexed(set.name) ? (sources?.[set.index] ?? sources?.[0]) : sources?.[0];
  if (source === undefined) return placeInCheckout(project, set, kind);
  const path = resolve(source.base, source.path);
  const found = kindOfPath(path);
  if (found === 'folder') return placeInFolder(path, set, kind, source);
  if (found === 'absent' && isPattern(source.path)) return placeByPattern(source, set, kind);
  // A name without an ending is a folder that is still to be made.
  if (found === 'absent' && extname(path) === '') return placeInFolder(path, set, kind, source);
  const isItsOwn = sources?.[isIndexed(set.name) ? set.index : 0] === source;
  if (isItsOwn) return ok(path);
  const message = `the config has no file for ${name}.${set.index}`;
  const hint = 'add one to its "files", or choose a folder by -o';
  return fail(diagnostic('usage', message, { place: source.place, hint }));
}

/** Returns the sources of a partition or namespace that have a place for a file; undefined where the project has none of that name. */
function sourcesNamed({ partitions }: Project, name: string): readonly SourceSpec[] | undefined {
  const namespaces = partitions.flatMap((partition) => partition.namespaces ?? []);
  return [...partitions, ...namespaces].find((one) => one.name === name)?.sources.filter(isPathSource);
}

/** A checkout leaves out what has no folder yet. */
function placeInCheckout(project: Project, set: CertificateSet, kind: SlotKind): Result<string, Diagnostic> {
  const name = `${set.name}_${kind}`;
  const isOfCheckout = project.module !== undefined || project.configFile === undefined;
  const wantsFolder =
    project.skipped.some((row) => row.name === name && row.reason.startsWith('there is no folder')) ||
    project.partitions.some(({ namespaces }) => namespaces !== undefined);
  const dependencies = readDependencies(project.root, new Problems());
  if (isOfCheckout && wantsFolder && dependencies?.has(name) !== false) {
    return placeInFolder(join(rawDataIn(project), name), set, kind, undefined);
  }
  const reason = project.skipped.find((row) => row.name === name)?.reason;
  const message = reason ? `${name} is not built here: ${reason}` : `there is no partition or namespace ${name} here`;
  const hint = 'leave the set out, or choose a folder by -o';
  return fail(diagnostic('usage', message, { hint }));
}

/** The folder beside whose others a new one goes. */
function rawDataIn({ root, partitions }: Project): string {
  const folder = partitions
    .flatMap(sourcesOf)
    .filter(isPathSource)
    .map(({ base, path }) => resolve(base, path))
    .find((path) => kindOfPath(path) === 'folder');
  return folder === undefined ? rawDataOf(root) : dirname(folder);
}

function placeByPattern(source: SourceSpec, set: CertificateSet, kind: SlotKind): Result<string, Diagnostic> {
  const folder = dirname(source.path);
  const file = fileNameOf(set, kind);
  if (!isPattern(folder) && matches(basename(source.path), file)) {
    return placeInFolder(resolve(source.base, folder), set, kind, source);
  }
  const message = `${printable(source.path)} would not take a file named ${file}`;
  const hint = `change the pattern, or name a file there; or choose a folder by -o`;
  return fail(diagnostic('usage', message, { place: source.place, hint }));
}

/** Whether a pattern takes a name. One that is refused takes none. */
function matches(pattern: string, name: string): boolean {
  const compiled = compilePattern(pattern);
  return compiled.ok && compiled.value.isMatch(compiled.value.step(compiled.value.start, name));
}

/**
 * The file of a set in a folder. It must get the set's number: the firmware counts files in their order, and of most
 * sets it knows one.
 */
function placeInFolder(
  folder: string,
  set: CertificateSet,
  kind: SlotKind,
  source: SourceSpec | undefined,
): Result<string, Diagnostic> {
  const file = join(folder, fileNameOf(set, kind));
  const order = source?.order ?? 'name';
  const there = filesIn(folder, { kind, base: folder, path: '.', order }).filter((path) => path !== file);
  const compare = order === 'natural' ? byNumber : byCodePoint;
  const all = [...there, file].sort(compare);
  const position = all.indexOf(file);
  if (isIndexed(set.name) && position === set.index) return ok(file);
  if (!isIndexed(set.name) && all.length === 1) return ok(file);
  const title = `${basename(folder)}/${basename(file)}`;
  const place = { file: folder };
  if (position < set.index) {
    const message = `${title} would be number ${position}, not ${set.index}: the firmware counts without gaps`;
    return fail(diagnostic(setIncomplete, message, { place, hint: `create ${set.name}.${position} first` }));
  }
  const other = shownFrom(folder, all.find((path) => path !== file) ?? '');
  const message = isIndexed(set.name)
    ? `${other} stands before ${title} and would take its number`
    : `${title} would be the second file of a slot that holds one: ${other} is there`;
  return fail(diagnostic('file-exists', message, { place, hint: `move ${other} to another folder` }));
}

function filesIn(folder: string, source: SourceSpec): string[] {
  if (kindOfPath(folder) !== 'folder') return [];
  return chooseFiles(
    readdirSync(folder).map((name) => join(folder, name)),
    folder,
    source,
  ).files;
}
