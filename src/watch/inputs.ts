import { dirname, join, resolve } from 'node:path';
import { configNames, searchedFolders } from '../config/find.ts';
import { append } from '../core/lists.ts';
import type { BuildOptions } from '../pipeline/build.ts';
import type { Build } from '../pipeline/result.ts';
import { findCheckout, originsOf, rawDataOrigins } from '../project/from-checkout/checkout.ts';
import { rawDataOf } from '../project/from-checkout/files.ts';
import type { Project } from '../project/project.ts';
import { findFiles } from '../sources/find.ts';
import { isPathSource, type SourceSpec, sourcesOf } from '../sources/partition.ts';
import { fingerprintOf } from './fingerprint.ts';
import { foldersOf } from './folders.ts';
import { trailOf } from './links.ts';

/** What a build depends on. Paths are absolute, and what is at them may be missing. */
export interface Inputs {
  /** What says what is built: the config, tables, settings of a checkout. */
  readonly settings: readonly string[];
  readonly sources: readonly SourceSpec[];
  /** What the build writes itself. */
  readonly outputs: ReadonlySet<string>;
  /** The folder of the project. */
  readonly root: string;
}

/** Before the first build nothing is known. */
export const noInputs = (cwd: string): Inputs => ({ settings: [], sources: [], outputs: new Set(), root: cwd });

/** What the user said of where to look. */
export type Wanted = Required<Pick<BuildOptions, 'cwd'>> & Pick<BuildOptions, 'config' | 'table'>;

/** What the next build will depend on. Where no project could be made out, what it did before still counts. */
export function inputsOf(
  { cwd, config, table }: Wanted,
  { project, diagnostics }: Pick<Build, 'project' | 'diagnostics'>,
  before: Inputs,
): Inputs {
  const settings = [
    ...(config === undefined ? configsFor(cwd) : [resolve(cwd, config)]),
    ...(table === undefined ? [] : [resolve(cwd, table)]),
  ];
  if (project !== undefined) {
    append(settings, project.origins);
    const { root } = project;
    return {
      settings: [...new Set(settings)],
      sources: project.partitions.flatMap(sourcesOf).filter(isPathSource),
      outputs: outputsOf(project),
      root,
    };
  }
  const checkout = findCheckout(config === undefined ? cwd : dirname(resolve(cwd, config)));
  if (checkout) append(settings, [...originsOf(checkout.root), ...rawDataOrigins(rawDataOf(checkout.root))]);
  // A file that is missing is named by the message that says so.
  append(settings, [...diagnostics.flatMap(({ place }) => place?.file ?? []), ...before.settings]);
  return { ...before, settings: [...new Set(settings)] };
}

/** The configs there could be for a folder. */
const configsFor = (cwd: string): string[] =>
  [...searchedFolders(cwd)].flatMap((folder) => configNames.map((name) => join(folder, name)));

function outputsOf({ partitions, table, outDir }: Project): Set<string> {
  const files = [...partitions.map(({ file }) => file), ...(table ? [table.file] : [])];
  const all = [...files, ...['flash_args', 'flasher_args.json'].map((name) => join(outDir, name))];
  // The watcher names files by where they really lie.
  return new Set(all.flatMap((file) => [file, trailOf(file).at(-1) ?? file]));
}

/** Returns all that a build depends on and makes: files, folders, and what was looked for in vain. */
export async function everyPath(wanted: Wanted, build: Pick<Build, 'project' | 'diagnostics'>): Promise<Set<string>> {
  const inputs = inputsOf(wanted, build, noInputs(wanted.cwd));
  const { settings, sources, outputs, root } = inputs;
  const paths = [...settings, ...(await sourceFiles(inputs))];
  // Of a folder that is only on the way to others, those alone matter: /tmp changes all the time.
  const folders = [...foldersOf({ paths: [], sources, root })].flatMap(([folder, names]) =>
    names === 'all' ? [folder] : [...names].map((name) => join(folder, name)),
  );
  // The search for a config ends at a repository.
  const repositories = [...searchedFolders(wanted.cwd)].map((folder) => join(folder, '.git'));
  return new Set([...fingerprintOf(paths).keys(), ...folders, ...outputs, ...repositories]);
}

/** The files of the sources as they are now; what a source names and is not there is among them. */
export async function sourceFiles({ sources }: Inputs): Promise<string[]> {
  const found = await Promise.all(
    sources.map(async (source) => [resolve(source.base, source.path), ...(await findFiles(source)).files]),
  );
  return [...new Set(found.flat())];
}
