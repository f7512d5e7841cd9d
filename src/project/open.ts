import { resolve } from 'node:path';
import { findConfigFile } from '../config/find.ts';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { Problems } from '../core/diagnostics/problems.ts';
import type { NvsProfile } from '../formats/nvs/model.ts';
import { findCheckout, resolveCheckout } from './from-checkout/checkout.ts';
import type { Project, Resolved } from './project.ts';

export interface OpenOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Relative to `cwd`, like `table`. */
  readonly config?: string;
  readonly module?: string;
  readonly table?: string;
  readonly nvsProfile?: NvsProfile;
  /** `false` refuses a config that is a program. */
  readonly exec?: boolean;
}

/** The project that a folder belongs to: that of the config found from there upwards, else that of the esp-at checkout around it. */
export async function openProject(options: OpenOptions): Promise<Resolved> {
  const problems = new Problems();
  const project = await findProject(options, problems);
  return { project, diagnostics: problems.all };
}

async function findProject(options: OpenOptions, problems: Problems): Promise<Project | undefined> {
  const { cwd, config, module, table, nvsProfile } = options;
  const withNul = Object.entries({ cwd, config, module, table }).find(([, value]) => value?.includes('\0'));
  // The command line has none; a program that calls the library may.
  if (withNul) {
    problems.add(diagnostic('usage', `${withNul[0]} holds a NUL character`));
    return undefined;
  }
  const configFile = config === undefined ? findConfigFile(cwd) : resolve(cwd, config);
  const overrides = {
    module,
    table: table ? resolve(cwd, table) : undefined,
    profile: nvsProfile,
  };
  if (configFile !== undefined) {
    const [{ loadConfig }, { resolveConfig }] = await Promise.all([
      import('../config/load.ts'),
      import('./from-config/resolve.ts'),
    ]);
    const { config: loaded, diagnostics } = await loadConfig(configFile, { allowPrograms: options.exec !== false });
    problems.addAll(diagnostics);
    return loaded && resolveConfig(loaded, overrides, problems);
  }
  const checkout = findCheckout(cwd);
  if (checkout !== undefined) return resolveCheckout({ root: checkout.root, ...overrides }, problems);
  const message = `there is neither a pki.config.json nor an esp-at checkout in ${cwd} or above`;
  const hint = 'go to an esp-at checkout, write a pki.config.json, or name one of them with --cwd or --config';
  problems.add(diagnostic('nothing-to-build', message, { hint }));
  return undefined;
}
