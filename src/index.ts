import { withFound } from './checks/severity.ts';
import { diagnostic } from './core/diagnostics/diagnostic.ts';
import { parsePort } from './core/port-name.ts';
import type { Phase } from './device/progress.ts';
import { type BuildOptions, buildProject } from './pipeline/build.ts';
import { type BuildReport, toReport } from './pipeline/build-report.ts';
import { buildWithHooks } from './pipeline/hooks.ts';

/** Builds the images of a config or esp-at checkout. Prints nothing; problems are in the report's diagnostics. */
export async function build(options: BuildOptions = {}): Promise<BuildReport> {
  return toReport(await buildWithHooks(options, {}));
}

/** The same up to the fit of the images, and never writes: statuses say what a build would do. */
export async function check(options: Omit<BuildOptions, 'mode' | 'force'> = {}): Promise<BuildReport> {
  return toReport(await buildProject({ ...options, mode: 'plan' }, 'check'));
}

export interface FlashOptions extends Omit<BuildOptions, 'mode'> {
  /** `/dev/ttyUSB0`, `COM3`, `auto`, `socket://HOST:PORT` or `rfc2217://HOST:PORT`. Default: what the config says, else `auto`. */
  readonly port?: string;
  /** Bits per second. */
  readonly baud?: number;
  /** As configs name it: `esp32c3`. Any other chip is refused. */
  readonly chip?: string;
  /** `a0:b1:c2:d3:e4:f5`. Any other board is refused. */
  readonly mac?: string;
  readonly before?: 'default-reset' | 'no-reset';
  readonly after?: 'hard-reset' | 'no-reset';
  /** Your own esptool and its first arguments, to be used instead. */
  readonly esptool?: readonly [string, ...string[]];
  /** Write every sector. Default: `false`. */
  readonly full?: boolean;
  /** What becomes of values that only the device has in its NVS. Default: an error. */
  readonly values?: 'merge' | 'overwrite';
  /** Write the `at_customize` table, too. Default: `false`. */
  readonly updateTable?: boolean;
  /** Keep a copy of what is overwritten, in `.at-pki/backup`. Default: `true`. */
  readonly backup?: boolean;
  /** Ends it after the block in hand. */
  readonly signal?: AbortSignal;
  /** Told how far reading, writing and verifying have come, in bytes. */
  readonly onProgress?: (phase: 'read' | 'write' | 'verify', done: number, total: number) => void;
}

/**
 * Builds what is not up to date and writes to the device what differs there, verified. Prints nothing; the report says
 * under `device` which board it was, and under `partitions[].flash` what was done.
 */
export async function flash(options: FlashOptions = {}): Promise<BuildReport> {
  const { port, baud, chip, mac, before, after, esptool, onProgress, signal, ...rest } = options;
  const { full = false, values, updateTable = false, backup = true, ...build } = rest;
  const named = port === undefined ? undefined : parsePort(port);
  const device = {
    port: named?.ok ? named.value : undefined,
    baud,
    chip,
    mac: mac?.toLowerCase(),
    before,
    after,
    esptool,
    exec: build.exec === false ? false : undefined,
  };
  const built = await buildWithHooks(build, {}, 'flash');
  if (named && !named.ok) {
    return toReport(withFound(built, [diagnostic('usage', named.error.message, { hint: named.error.hint })]));
  }
  const { flashWithHooks } = await import('./flash/flash-with-hooks.ts');
  const request = {
    ...{ device, full, updateTable, backup, now: () => new Date() },
    values,
    interruption: signal ? () => signal : undefined,
    onPhase(phase: Phase) {
      if ('done' in phase) onProgress?.(phase.phase, phase.done, phase.total);
    },
  };
  const { env } = build;
  return toReport(await flashWithHooks(built, request, { env }));
}

export type { AnyCode as Code } from './checks/catalogue.ts';
export { defineConfig } from './config/define.ts';
export type { Config } from './config/generated/config.ts';
export type { Severity } from './core/diagnostics/level.ts';
export type { BuildOptions } from './pipeline/build.ts';
export type {
  BuildReport,
  DiagnosticReport,
  FileReport,
  ItemReport,
  PartitionReport,
  RelatedReport,
} from './pipeline/build-report.ts';
export type { DeviceResult, FlashedPartition, Status } from './pipeline/result.ts';
