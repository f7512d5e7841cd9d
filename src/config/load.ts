import { basename, dirname } from 'node:path';
import { type Diagnostic, diagnostic, isError, type Place } from '../core/diagnostics/diagnostic.ts';
import type { PortName } from '../core/port-name.ts';
import { configNames, configsIn } from './find.ts';
import type { Config } from './generated/config.ts';
import { readConfig } from './read.ts';
import type { ConfigSource } from './source.ts';
import { validateConfig } from './validate.ts';

/** A valid config and where everything in it stands. */
export interface LoadedConfig {
  /** Absolute. */
  readonly file: string;
  /** What its paths are relative to. */
  readonly folder: string;
  readonly value: Config;
  /** The port under `flash`. */
  readonly port?: PortName;
  readonly source: ConfigSource;
}

export interface ConfigResult {
  readonly config?: LoadedConfig;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LoadOptions {
  /** Whether a config that is a program may be run; default true. */
  readonly allowPrograms?: boolean;
}

/** Reads and checks a config. All that is wrong with it is reported at once, in the order of the text. */
export async function loadConfig(file: string, { allowPrograms = true }: LoadOptions = {}): Promise<ConfigResult> {
  const { content, diagnostics: unread, misread = [] } = await readConfig(file, allowPrograms);
  if (!content) return { diagnostics: [...otherConfigs(file), ...unread] };
  const { value, source } = content;
  const checked = await validateConfig(value, source);
  const mistakes = checked.ok ? [] : checked.error.filter(({ place }) => !misread.some((one) => meet(one, place)));
  const diagnostics = [...otherConfigs(file), ...[...unread, ...mistakes].sort(byPlace)];
  if (!checked.ok || diagnostics.some(isError)) return { diagnostics };
  return { config: { file, folder: dirname(file), ...checked.value, source }, diagnostics };
}

function otherConfigs(file: string): Diagnostic[] {
  if (!configNames.includes(basename(file))) return [];
  const others = configsIn(dirname(file)).filter((one) => one !== file);
  if (others.length === 0) return [];
  const message = `this folder has another config, which is not used: ${others.map((other) => basename(other)).join(', ')}`;
  return [diagnostic('config-ignored', message, { place: { file }, hint: 'keep one of them' })];
}

/** Whether two places share a column. */
function meet(one: Place, other: Place | undefined): boolean {
  if (one.line === undefined || one.line !== other?.line) return false;
  const [start, otherStart] = [one.column ?? 1, other.column ?? 1];
  return start < otherStart + (other.length ?? 1) && otherStart < start + (one.length ?? 1);
}

const byPlace = ({ place: a }: Diagnostic, { place: b }: Diagnostic): number =>
  (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
