import type { Code } from '../core/codes.ts';
import { codes } from '../core/codes.ts';
import type { Diagnostic, Severity } from '../core/diagnostic.ts';
import { checks } from './index.ts';

/** What may be said instead of a code's own severity. */
export type Level = Severity | 'off';

/** Levels by code, as a config or command line gives them. */
export type Levels = Readonly<Partial<Record<Code, Level>>>;

/** Whose levels apply: the command line's before a file's, a partition's, and the config's. */
export interface LevelSettings {
  readonly commandLine: Levels;
  readonly files: ReadonlyMap<string, Levels>;
  readonly partitions: ReadonlyMap<string, Levels>;
  readonly config: Levels;
}

/**
 * The codes whose severity may be changed: what the checks find, and all warnings and notes. An image that cannot be
 * packed or does not fit stays an error whatever anybody says.
 */
export const adjustableCodes: readonly Code[] = (Object.keys(codes) as Code[]).filter(
  (code) => Object.hasOwn(checks, code) || codes[code].severity !== 'error',
);

/** A diagnostic with the severity that the settings give it; undefined where they switch it off. */
export function leveled(one: Diagnostic, settings: LevelSettings): Diagnostic | undefined {
  const { code, place, partition } = one;
  if (!adjustableCodes.includes(code)) return one;
  const level =
    settings.commandLine[code] ??
    (place && settings.files.get(place.file)?.[code]) ??
    (partition === undefined ? undefined : settings.partitions.get(partition)?.[code]) ??
    settings.config[code];
  if (level === 'off' || (level === undefined && 'off' in codes[code])) return undefined;
  return level === undefined ? one : { ...one, severity: level };
}
