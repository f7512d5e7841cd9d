import { type BuildOptions, buildProject } from './build.ts';
import { buildWithHooks } from './hooks/build.ts';
import { type BuildReport, toReport } from './report/build-report.ts';

/** Builds the images of a config or esp-at checkout. Prints nothing; problems are in the report's diagnostics. */
export async function build(options: BuildOptions = {}): Promise<BuildReport> {
  return toReport(await buildWithHooks(options, {}));
}

/** The same up to the fit of the images, and never writes: statuses say what a build would do. */
export async function check(options: Omit<BuildOptions, 'mode' | 'force'> = {}): Promise<BuildReport> {
  return toReport(await buildProject({ ...options, mode: 'plan' }, 'check'));
}

export type { BuildOptions } from './build.ts';
export { defineConfig } from './config/define.ts';
export type { Config } from './config/generated/config.ts';
export type { Code } from './core/codes.ts';
export type { Severity } from './core/diagnostic.ts';
export type {
  BuildReport,
  DiagnosticReport,
  FileReport,
  ItemReport,
  PartitionReport,
} from './report/build-report.ts';
export type { Status } from './report/result.ts';
