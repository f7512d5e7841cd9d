import { adjustableCodes, type Level, type Levels } from '../checks/severity.ts';
import { codes } from '../core/codes.ts';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostic.ts';
import { didYouMean } from '../core/text.ts';
import { type CheckSettings, defaultChecks } from '../plan/project.ts';
import type { LoadedConfig } from './load.ts';
import type { Path } from './source.ts';

/** What a config says of the checks: severities for all and for partitions, the release, the days before an expiry. */
export function checkSettings(
  { value: config, source }: LoadedConfig,
  release: string | undefined,
  diagnostics: Diagnostic[],
): CheckSettings {
  const levelsAt = (levels: Readonly<Record<string, Level>> | undefined, path: Path): Levels => {
    for (const code of Object.keys(levels ?? {})) {
      diagnostics.push(...unknownCode(code, { place: source.place([...path, code], 'key') }));
    }
    return levels ?? {};
  };
  const partitions = Object.entries(config.partitions ?? {}).map(
    ([name, { checks }]) => [name, levelsAt(checks, ['partitions', name, 'checks'])] as const,
  );
  const named = config.espAt ?? release;
  return {
    ...(named && { release: named }),
    expiresWithin: config.expiresWithin ?? defaultChecks.expiresWithin,
    levels: {
      config: levelsAt(config.checks, ['checks']),
      partitions: new Map(partitions),
      files: new Map(),
    },
  };
}

/** What is wrong with a code whose severity somebody wants to change. */
export function unknownCode(code: string, details: { readonly place?: Place }): Diagnostic[] {
  if (adjustableCodes.some((one) => one === code)) return [];
  if (Object.hasOwn(codes, code)) {
    const message = `"${code}" is always an error: an image with it would be of no use`;
    return [diagnostic('config-value', message, details)];
  }
  const hint = didYouMean(code, adjustableCodes) ?? 'at-pki explain lists the codes';
  return [diagnostic('config-value', `there is no code "${code}"`, { ...details, hint })];
}
