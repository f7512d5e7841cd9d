import type { FilesConfig, SourceConfig } from '../../config/generated/config.ts';
import type { Place } from '../../core/diagnostics/diagnostic.ts';
import type { Kind } from '../../formats/format.ts';
import type { Source, SourceSpec } from '../../sources/partition.ts';

interface Common {
  readonly kind: Kind;
  /** Absolute, like `folder`: what paths are relative to. */
  readonly base: string;
  /** The folder of the config, where programs are run. */
  readonly folder: string;
  readonly order: SourceSpec['order'];
}

/** Seconds. */
const defaultTimeout = 30;

/** The sources of `files`: one, or a list of them; `placeOf` gets the index in the list. */
export function sourcesOf(files: FilesConfig, common: Common, placeOf: (index: number | undefined) => Place): Source[] {
  if (!Array.isArray(files)) return [sourceOf(files, common, placeOf(undefined))];
  return files.map((file, index) => sourceOf(file, common, placeOf(index)));
}

function sourceOf(source: SourceConfig, { kind, base, folder, order }: Common, place: Place): Source {
  if (typeof source === 'string') return { kind, base, path: source, order, place };
  const { exec, timeout = defaultTimeout, env, file } = source;
  if (exec !== undefined) return { kind, exec, folder, timeout, place };
  if (env !== undefined) return { kind, env, place };
  // The schema lets none of the three be missing.
  return { kind, base, path: file ?? '', literal: true, order, place };
}
