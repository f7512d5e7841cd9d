import type { Config, NamespaceConfig, NormalizeConfig } from '../../config/generated/config.ts';
import { given } from '../../core/given.ts';
import type { Normalize, Source } from '../../sources/partition.ts';
import type { Project } from '../project.ts';

/**
 * The project with what its config says of `normalize`: a namespace's own word goes before its partition's, and that
 * before the config's. What is neither certificate nor key is touched only where it is named itself.
 */
export function withNormalize(project: Project, { normalize: whole, partitions = {} }: Config): Project {
  const resolved = project.partitions.map((partition) => {
    const own = partitions[partition.name];
    const { sources } = partition;
    if (partition.namespaces === undefined) return { ...partition, ...settingsOf(sources, [whole], own?.normalize) };
    const namespaces = partition.namespaces.map((namespace) => {
      if (namespace.sources.length === 0) return namespace;
      // The two kinds of namespaces that are written otherwise have no sources.
      const config = own?.namespaces?.[namespace.name] as NamespaceConfig | undefined;
      return { ...namespace, ...settingsOf(namespace.sources, [whole, own?.normalize], config?.normalize) };
    });
    return { ...partition, namespaces };
  });
  return { ...project, partitions: resolved };
}

function settingsOf(
  sources: readonly Source[],
  general: readonly (NormalizeConfig | undefined)[],
  own: NormalizeConfig | undefined,
): { normalize?: Normalize } {
  const isData = sources.every(({ kind }) => kind === 'data');
  const layers = [...(isData ? [] : general), own];
  const { pem, chain, preamble, password }: NormalizeConfig = Object.assign({}, ...layers);
  const normalize: Normalize = given({
    pem: pem === 'canonical' ? pem : undefined,
    chain: chain === 'sorted' ? chain : undefined,
    preamble: preamble === 'strip' ? preamble : undefined,
    password,
  });
  return Object.keys(normalize).length > 0 ? { normalize } : {};
}
