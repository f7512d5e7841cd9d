import { resolve } from 'node:path';
import { catalogue, infoOf, isAdjustable } from '../../checks/catalogue.ts';
import type { Level, Levels } from '../../checks/severity.ts';
import type { Config, NamespaceConfig } from '../../config/generated/config.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { Path } from '../../config/source.ts';
import { type Diagnostic, diagnostic, type Place } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { didYouMean } from '../../core/text.ts';
import { mbedTlsOfRelease } from '../../firmware/mbedtls.ts';
import type { IdfVersion } from '../from-checkout/idf-version.ts';
import { type CheckSettings, defaultChecks } from '../project.ts';

/** What a config says of the checks: severities for all and for partitions, the release, the days before an expiry. */
export function checkSettings(
  { value: config, source, folder }: LoadedConfig,
  checkout: Pick<IdfVersion, 'release' | 'mbedTls'>,
  problems: Problems,
): CheckSettings {
  const levelsAt = (levels: Readonly<Record<string, Level>> | undefined, path: Path): Levels => {
    for (const code of Object.keys(levels ?? {})) {
      problems.addAll(unknownCode(code, { place: source.place([...path, code], 'key') }));
    }
    return levels ?? {};
  };
  const partitions = Object.entries(config.partitions ?? {}).map(
    ([name, { checks }]) => [name, levelsAt(checks, ['partitions', name, 'checks'])] as const,
  );
  return {
    release: config.espAt ?? checkout.release,
    mbedTls: config.espAt === undefined ? checkout.mbedTls : mbedTlsOfRelease(config.espAt),
    expiresWithin: config.expiresWithin ?? defaultChecks.expiresWithin,
    levels: {
      config: levelsAt(config.checks, ['checks']),
      partitions: new Map(partitions),
      files: new Map(filesOf(config, folder, levelsAt)),
    },
  };
}

/** The files that have severities of their own: `{ "file": "old.crt", "checks": { … } }`. */
function filesOf(
  { partitions = {}, rawData = '.' }: Config,
  folder: string,
  levelsAt: (levels: Readonly<Record<string, Level>> | undefined, path: Path) => Levels,
): (readonly [file: string, levels: Levels])[] {
  const holders = Object.entries(partitions).flatMap(([name, partition]) => [
    { files: partition.files, path: ['partitions', name, 'files'] },
    ...Object.entries(partition.namespaces ?? {}).map(([namespace, one]) => ({
      files: one && 'files' in one ? (one as NamespaceConfig).files : undefined,
      path: ['partitions', name, 'namespaces', namespace, 'files'],
    })),
  ]);
  return holders.flatMap(({ files = [], path }) =>
    [files].flat().flatMap((one, index) => {
      if (typeof one === 'string' || one.file === undefined || one.checks === undefined) return [];
      const at = [...path, ...(Array.isArray(files) ? [index] : []), 'checks'];
      return [[resolve(folder, rawData, one.file), levelsAt(one.checks, at)] as const];
    }),
  );
}

/** What is wrong with a code whose severity somebody wants to change. */
export function unknownCode(code: string, details: { readonly place?: Place }): Diagnostic[] {
  if (isAdjustable(code)) return [];
  if (infoOf(code) !== undefined) {
    const message = `"${code}" is always an error: an image with it would be of no use`;
    return [diagnostic('config-value', message, details)];
  }
  const adjustable = catalogue().flatMap(([name]) => (isAdjustable(name) ? [name] : []));
  const hint = didYouMean(code, adjustable) ?? 'at-pki explain lists the codes';
  return [diagnostic('config-value', `there is no code "${code}"`, { ...details, hint })];
}
