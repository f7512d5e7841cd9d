import { dirname } from 'node:path';
import { type Diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import type { Severity } from '../core/diagnostics/level.ts';
import { infoOf, isAdjustable } from './catalogue.ts';

/** What may be said instead of a code's own severity. */
export type Level = Severity | 'off';

/** Levels by code, as a config or command line gives them. */
export type Levels = Readonly<Partial<Record<string, Level>>>;

/** Whose levels apply: the command line's before a file's, a partition's, and the config's. */
export interface LevelSettings {
  readonly commandLine: Levels;
  readonly files: ReadonlyMap<string, Levels>;
  readonly partitions: ReadonlyMap<string, Levels>;
  readonly config: Levels;
}

/** Gives each diagnostic the severity that was asked for, and leaves out what was switched off. */
export const applySeverities = (diagnostics: readonly Diagnostic[], settings: LevelSettings): Diagnostic[] =>
  diagnostics.flatMap((found) => leveled(found, settings) ?? []);

/**
 * Judges a diagnostic by the severity that it will have. Severities are applied once, to everything, at the end; a step
 * that has to know before whether something stops it asks this.
 */
export const judgeBy =
  (settings: LevelSettings): Judge =>
  (one) => {
    const final = leveled(one, settings);
    return final !== undefined && isError(final);
  };

/** Returns true for an error. */
export type Judge = (found: Diagnostic) => boolean;

/** A result that goes on collecting what there is to say. */
interface Collecting {
  readonly diagnostics: readonly Diagnostic[];
  readonly severities: LevelSettings;
}

/** The result with what was found since, under the severities that were asked for: the only way to add to it. */
export const withFound = <Result extends Collecting>(result: Result, found: readonly Diagnostic[]): Result => ({
  ...result,
  diagnostics: [...result.diagnostics, ...applySeverities(found, result.severities)],
});

/** A diagnostic with the severity that the settings give it; undefined where they switch it off. */
function leveled(one: Diagnostic, settings: LevelSettings): Diagnostic | undefined {
  const { code, place, partition } = one;
  if (!isAdjustable(code)) return one;
  const level =
    settings.commandLine[code] ??
    (place && levelOfFile(settings.files, place.file, code)) ??
    (partition === undefined ? undefined : settings.partitions.get(partition)?.[code]) ??
    settings.config[code];
  if (level === 'off' || (level === undefined && infoOf(code)?.off)) return undefined;
  return level === undefined ? one : { ...one, severity: level };
}

/** The level of a file itself, else of the nearest folder around it that is named as a source. */
function levelOfFile(files: LevelSettings['files'], file: string, code: string): Level | undefined {
  if (files.size === 0) return undefined;
  for (let path = file; ; path = dirname(path)) {
    const level = files.get(path)?.[code];
    if (level !== undefined || dirname(path) === path) return level;
  }
}
